// What every page of a report has in common: its looks, and the script that draws.

enum TracePage {
  static let style = """
    :root { color-scheme: light dark; --back: #fff; --text: #1d1d1f; --faint: #6e6e73; --line: #d2d2d7;
      --lane: #f7f7f9; --element: #2f6fde; --on-element: #fff; --demand: #6a9c5b; --fill: #b07219;
      --stall: #f3e3e3; --bad: #c5303a; --good: #2c7d46; }
    @media (prefers-color-scheme: dark) { :root { --back: #151517; --text: #f2f2f4; --faint: #98989f; --line: #38383d;
      --lane: #1c1c1f; --element: #5b94f5; --on-element: #0d0d0f; --demand: #7fb86d; --fill: #d39a45;
      --stall: #3a2427; --bad: #ff6b6b; --good: #62c27f; } }
    body { margin: 0; background: var(--back); color: var(--text); font: 14px/1.4 system-ui, sans-serif; }
    header { padding: 12px 16px 4px; }
    h1 { font-size: 18px; margin: 0; overflow-wrap: anywhere; }
    p { margin: 2px 0; color: var(--faint); }
    nav { padding: 4px 16px 8px; display: flex; gap: 6px; flex-wrap: wrap; align-items: center; }
    button { font: inherit; padding: 2px 10px; border: 1px solid var(--line); border-radius: 6px;
      background: var(--lane); color: inherit; }
    nav span { color: var(--faint); margin-left: 8px; }
    i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 4px; }
    canvas { display: block; width: 100%; touch-action: none; cursor: grab; outline-offset: -2px; }
    canvas:active { cursor: grabbing; }
    #tip { position: fixed; pointer-events: none; max-width: 440px; padding: 6px 9px; border-radius: 6px;
      border: 1px solid var(--line); background: var(--back); box-shadow: 0 2px 10px #0003; white-space: pre-wrap;
      overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, monospace; }
    """

  static let body = """
    <nav>
    <button id="in">Zoom in</button><button id="out">Zoom out</button><button id="fit">All</button>
    <span><i style="background:var(--element)"></i>element</span>
    <span><i style="background:var(--demand)"></i>asked for</span>
    <span><i style="background:var(--fill)"></i>waits in a buffer</span>
    <span><i style="background:var(--stall)"></i>nothing is asked for</span>
    <span>wheel: zoom, drag: move, keys: + − ← → 0</span>
    </nav>
    <noscript><p style="padding:0 16px">The lanes are drawn by a script.</p></noscript>
    <canvas id="lanes" tabindex="0" role="img"></canvas>
    <div id="tip" hidden></div>
    """

  static let script = #"""
    (() => {
    'use strict';
    const data = JSON.parse(document.getElementById('data').textContent);
    const canvas = document.getElementById('lanes'), tip = document.getElementById('tip');
    const pen = canvas.getContext('2d');
    const side = 220, axis = 26, gap = 10, track = 34, marbles = 46;

    // What is drawn of a run: elements, requests, steps of demand and of each buffer, stalls, the end.
    const lanes = data.runs.map(run => {
      const lane = { name: run.name, begin: run.begin, count: run.count, omitted: run.omitted, elements: [],
        requests: [], demand: [], buffers: [], stalls: [], end: null, last: run.begin };
      let asked = 0, idle = run.omitted ? null : run.begin;
      for (const [time, outstanding, kind, a, b, c] of run.events) {
        lane.last = Math.max(lane.last, time);
        if (kind === 'e') lane.elements.push({ time, text: a });
        if (kind === 'r') lane.requests.push({ time, count: a });
        if (kind === 'f') {
          const buffer = lane.buffers[a] ??= { capacity: c, steps: [] };
          buffer.steps.push([time, b]);
        }
        if (kind === 'x') lane.end = { time, how: a, error: b };
        if (outstanding !== asked || !lane.demand.length) lane.demand.push([time, outstanding]);
        if (outstanding !== 0 || kind === 'x') {
          if (idle !== null && time > idle) lane.stalls.push([idle, time]);
          idle = null;
        } else if (idle === null) idle = time;
        asked = outstanding;
      }
      if (idle !== null && !lane.end && lane.last > idle) lane.stalls.push([idle, lane.last]);
      lane.buffers = lane.buffers.filter(Boolean);
      lane.most = lane.demand.reduce((most, step) => Math.max(most, step[1]), 1);
      lane.height = marbles + track * (1 + lane.buffers.length) + 6;
      return lane;
    });
    let top = axis;
    for (const lane of lanes) { lane.top = top; top += lane.height + gap; }
    const height = top + 4;
    const start = lanes.reduce((least, lane) => Math.min(least, lane.begin), 0);
    const stop = lanes.reduce((most, lane) => Math.max(most, lane.last), start + 1000);
    const pad = (stop - start) * 0.03;
    const whole = [start - pad, stop + pad];
    let [from, to] = whole, width = 0, hits = [];

    function duration(ns) {
      const size = Math.abs(ns);
      const [unit, name] = size >= 1e9 ? [1e9, 's'] : size >= 1e6 ? [1e6, 'ms'] : size >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
      return String(+(ns / unit).toPrecision(6)) + ' ' + name;
    }
    const demandText = count => count < 0 ? 'all' : String(count);
    const stalled = lane => lane.stalls.reduce((sum, [a, b]) => sum + b - a, 0);
    const x = time => side + (time - from) / (to - from) * (width - side);
    const at = pixel => from + (pixel - side) / (width - side) * (to - from);
    const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name);

    function fitted(text, room) {
      if (pen.measureText(text).width <= room) return text;
      let low = 0, high = text.length;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (pen.measureText(text.slice(0, middle) + '…').width <= room) low = middle; else high = middle - 1;
      }
      return low ? text.slice(0, low) + '…' : '';
    }

    // The index of the first entry at or after a time.
    function first(list, time, key) {
      let low = 0, high = list.length;
      while (low < high) { const middle = (low + high) >> 1; if (key(list[middle]) < time) low = middle + 1; else high = middle; }
      return low;
    }

    function draw() {
      const ratio = devicePixelRatio || 1;
      width = canvas.clientWidth;
      canvas.style.height = height + 'px';
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, width, height);
      hits = [];
      const ink = {};
      for (const name of ['text', 'faint', 'line', 'lane', 'element', 'on-element', 'demand', 'fill', 'stall', 'bad', 'good'])
        ink[name] = color(name);
      drawAxis(ink);
      for (const lane of lanes) drawLane(lane, ink);
    }

    function drawAxis(ink) {
      const rough = (to - from) / Math.max(1, (width - side) / 110), power = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough);
      pen.font = '11px system-ui, sans-serif';
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
        const place = x(time);
        if (place < side) continue;
        pen.fillStyle = ink.line;
        pen.fillRect(Math.round(place), axis - 6, 1, height);
        pen.fillStyle = ink.faint;
        pen.fillText(Math.abs(time) < step / 2 ? '0' : duration(time), place, axis / 2 - 2);
      }
    }

    function drawLane(lane, ink) {
      pen.fillStyle = ink.lane;
      pen.fillRect(0, lane.top, side - 8, lane.height);
      pen.textAlign = 'left';
      pen.fillStyle = ink.text;
      pen.font = '600 13px system-ui, sans-serif';
      pen.fillText(fitted(lane.name, side - 24), 10, lane.top + 15);
      pen.font = '11px system-ui, sans-serif';
      pen.fillStyle = ink.faint;
      const length = (lane.end ? lane.end.time : lane.last) - lane.begin;
      const facts = [`${lane.count} elements in ${duration(length)}`];
      if (lane.stalls.length) facts.push(`stalled ${lane.stalls.length}×, ${duration(stalled(lane))}`);
      facts.push(lane.end ? lane.end.how : 'goes on');
      if (lane.omitted) facts.push(`${lane.omitted} older events not kept`);
      facts.forEach((fact, row) => pen.fillText(fitted(fact, side - 24), 10, lane.top + 32 + 14 * row));

      pen.save();
      pen.beginPath();
      pen.rect(side, lane.top, width - side, lane.height);
      pen.clip();
      for (const [a, b] of lane.stalls) {
        if (b < from || a > to) continue;
        pen.fillStyle = ink.stall;
        pen.fillRect(x(a), lane.top, Math.max(1, x(b) - x(a)), marbles - 4);
        hits.push({ left: x(a), right: Math.max(x(b), x(a) + 3), top: lane.top, bottom: lane.top + marbles - 4, rank: 0,
          text: `nothing is asked for\n${duration(a)} to ${duration(b)}: ${duration(b - a)}` });
      }
      const middle = lane.top + marbles / 2 - 2;
      pen.fillStyle = ink.line;
      const end = lane.end ? lane.end.time : lane.last;
      pen.fillRect(x(lane.begin), middle, Math.max(0, x(end) - x(lane.begin)), 2);
      let base = lane.top + marbles + track - 6;
      drawSteps(lane, lane.demand, base, Math.max(1, lane.most), ink.demand, ink, count => `${demandText(count)} asked for`);
      drawRequests(lane, base, ink);
      for (const buffer of lane.buffers) {
        base += track;
        drawSteps(lane, buffer.steps, base, buffer.capacity, ink.fill, ink, count => `${count} of ${buffer.capacity} wait in the buffer`);
      }
      drawElements(lane, middle, ink);
      if (lane.end) drawEnd(lane, middle, ink);
      pen.restore();
    }

    // An area of steps; a value of -1 is without limit and fills the track.
    function drawSteps(lane, steps, base, most, paint, ink, describe) {
      const full = track - 12, end = lane.end ? lane.end.time : lane.last;
      pen.fillStyle = ink.line;
      pen.fillRect(x(lane.begin), base, Math.max(0, x(end) - x(lane.begin)), 1);
      pen.fillStyle = paint;
      let index = Math.max(0, first(steps, from, step => step[0]) - 1), column = -1;
      for (; index < steps.length && steps[index][0] <= to; index++) {
        const [time, value] = steps[index];
        const next = index + 1 < steps.length ? steps[index + 1][0] : end;
        const left = x(time), right = Math.max(x(next), left + 1);
        const tall = value < 0 ? full : full * Math.min(1, value / most);
        // Many steps in one pixel are drawn once.
        if (Math.floor(right) === column && right - left < 1.5) continue;
        column = Math.floor(right);
        pen.globalAlpha = value < 0 ? 0.25 : 0.55;
        pen.fillRect(left, base - tall, right - left, tall);
        hits.push({ left, right, top: base - full, bottom: base + 4, rank: 1,
          text: `${describe(value)}\n${duration(time)} to ${duration(next)}` });
      }
      pen.globalAlpha = 1;
    }

    function drawRequests(lane, base, ink) {
      pen.font = '10px system-ui, sans-serif';
      pen.textAlign = 'left';
      let free = -Infinity;
      for (let index = first(lane.requests, from, item => item.time); index < lane.requests.length; index++) {
        const { time, count } = lane.requests[index];
        if (time > to) break;
        const place = x(time);
        if (place < free) continue;
        const text = '+' + (count < 0 ? '∞' : count);
        pen.fillStyle = ink.demand;
        pen.fillRect(place, base - track + 12, 1, track - 12);
        pen.fillStyle = ink.text;
        pen.fillText(text, place + 3, base - track + 17);
        free = place + pen.measureText(text).width + 8;
      }
    }

    function drawElements(lane, middle, ink) {
      const list = lane.elements;
      let index = first(list, at(side - 20), item => item.time);
      pen.textAlign = 'center';
      while (index < list.length) {
        const place = x(list[index].time);
        if (place > width + 20) break;
        // What stands too close to be told apart is one mark with a number.
        let next = index + 1;
        while (next < list.length && x(list[next].time) - place < 14) next++;
        const group = list.slice(index, next), label = group.length > 1 ? '×' + group.length : group[0].text;
        const radius = 9;
        pen.font = '600 10px system-ui, sans-serif';
        const wide = group.length > 1 ? Math.max(2 * radius, pen.measureText(label).width + 8) : 2 * radius;
        pen.fillStyle = ink.element;
        pen.beginPath();
        pen.roundRect(place - wide / 2, middle + 1 - radius, wide, 2 * radius, radius);
        pen.fill();
        pen.fillStyle = ink['on-element'];
        if (group.length > 1 || label.length === 1) pen.fillText(label, place, middle + 1.5);
        else if (label) {
          const until = next < list.length ? x(list[next].time) - radius : width;
          pen.fillStyle = ink.faint;
          pen.textAlign = 'left';
          pen.fillText(fitted(label, Math.max(0, until - place - radius - 6)), place + radius + 3, middle - 9);
          pen.textAlign = 'center';
        }
        const shown = group.slice(0, 12).map((item, number) => {
          const before = list[index + number - 1];
          return `${duration(item.time)}${before ? ` (+${duration(item.time - before.time)})` : ''}  ${item.text}`;
        });
        if (group.length > 12) shown.push(`and ${group.length - 12} more: zoom in`);
        hits.push({ left: place - wide / 2, right: place + wide / 2, top: middle - radius, bottom: middle + radius + 2,
          rank: 3, text: shown.join('\n') });
        index = next;
      }
    }

    function drawEnd(lane, middle, ink) {
      const place = x(lane.end.time), { how, error, time } = lane.end;
      pen.strokeStyle = how === 'failed' ? ink.bad : how === 'finished' ? ink.good : ink.faint;
      pen.lineWidth = 2.5;
      pen.beginPath();
      if (how === 'finished') { pen.moveTo(place + 10, middle - 13); pen.lineTo(place + 10, middle + 15); }
      else if (how === 'failed') {
        pen.moveTo(place + 6, middle - 9); pen.lineTo(place + 22, middle + 11);
        pen.moveTo(place + 22, middle - 9); pen.lineTo(place + 6, middle + 11);
      } else { pen.moveTo(place + 16, middle - 13); pen.lineTo(place + 8, middle + 15); }
      pen.stroke();
      hits.push({ left: place + 5, right: place + 24, top: middle - 14, bottom: middle + 16, rank: 2,
        text: `${how} at ${duration(time)}${error ? '\n' + error : ''}` });
    }

    function show(event) {
      const box = canvas.getBoundingClientRect(), px = event.clientX - box.left, py = event.clientY - box.top;
      let best = null;
      if (px >= side) for (const hit of hits)
        if (px >= hit.left - 1 && px <= hit.right + 1 && py >= hit.top && py <= hit.bottom && (!best || hit.rank >= best.rank)) best = hit;
      tip.hidden = !best;
      if (!best) return;
      tip.textContent = best.text;
      tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)) + 'px';
      tip.style.top = Math.max(4, Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)) + 'px';
    }

    function look(a, b) {
      const room = whole[1] - whole[0], least = Math.min(10, room);
      const length = Math.min(room, Math.max(least, b - a));
      const left = Math.min(Math.max(whole[0], (a + b - length) / 2), whole[1] - length);
      [from, to] = [left, left + length];
      requestAnimationFrame(draw);
    }
    function zoom(factor, around = (from + to) / 2) { look(around - (around - from) * factor, around + (to - around) * factor); }
    function move(share) { const by = (to - from) * share; look(from + by, to + by); }

    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      const line = event.deltaMode ? 16 : 1;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return move(event.deltaX * line / (width - side));
      zoom(Math.exp(event.deltaY * line * 0.002), at(Math.max(side, event.clientX - canvas.getBoundingClientRect().left)));
    }, { passive: false });
    let held = null;
    canvas.addEventListener('pointerdown', event => { held = event.clientX; canvas.setPointerCapture(event.pointerId); });
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => held = null);
    canvas.addEventListener('pointermove', event => {
      if (held === null) return show(event);
      tip.hidden = true;
      move((held - event.clientX) / (width - side));
      held = event.clientX;
    });
    canvas.addEventListener('pointerleave', () => tip.hidden = true);
    canvas.addEventListener('dblclick', event => zoom(0.5, at(Math.max(side, event.offsetX))));
    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const actions = { '+': () => zoom(0.7), '=': () => zoom(0.7), '-': () => zoom(1.4), ArrowLeft: () => move(-0.15),
        ArrowRight: () => move(0.15), '0': () => look(...whole), Home: () => look(...whole) };
      const action = actions[event.key];
      if (action) { event.preventDefault(); action(); }
    });
    document.getElementById('in').onclick = () => zoom(0.6);
    document.getElementById('out').onclick = () => zoom(1.7);
    document.getElementById('fit').onclick = () => look(...whole);
    addEventListener('resize', () => requestAnimationFrame(draw));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

    const facts = [`${lanes.length} ${lanes.length === 1 ? 'run' : 'runs'} in ${duration(stop - start)}`];
    if (data.forgotten) facts.push(`${data.forgotten} older ones not kept`);
    document.getElementById('about').textContent = facts.join(', ');
    canvas.setAttribute('aria-label', lanes.map(lane =>
      `${lane.name}: ${lane.count} elements, ${lane.end ? lane.end.how : 'goes on'}`).join('; '));
    draw();
    })();
    """#
}
