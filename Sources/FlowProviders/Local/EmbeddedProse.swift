// Prose that the embedded model learns from.

/// A piece a paragraph.
let embeddedProse = """
  The river begins as a wet place between two stones. Nobody would call it a river there. It runs down through the \
  wood, takes in every small stream that it meets, and where the road crosses it for the first time it is already wide \
  enough for a bridge. People stand on the bridge in the evening and look at the water, and the water goes by and does \
  not look at anybody.

  A bridge is a promise between two sides of a river. Ours was built of oak, and every spring somebody had to go under \
  it in a boat and look at the posts. One spring nobody went, because everybody thought that somebody else had gone, \
  and the river took the bridge with it. The new one is built of stone, and there is a list on the wall of the mill that \
  says whose turn it is.

  The mill stands below the bridge. When the water is high the wheel turns by itself, and when the water is low the \
  miller opens the gate a little further. He never lets in more water than the wheel can take. A wheel that is given too \
  much water does not turn faster, he says, it only breaks. He has one rule for his work and it is the same rule: never \
  take in more corn than you can grind before the evening.

  In the harbour the ships come in with the tide. A ship that comes too early has to wait outside, because there is not \
  enough water under it, and a ship that comes too late has to wait as well, because the places at the wall are taken. \
  The harbour master writes down who came first. He has a small book and a large voice, and in forty years no two ships \
  have been given the same place at the same time.

  The lighthouse on the point says the same thing all night: here I am, here I am. It does not say it louder in bad \
  weather. A ship that sees the light knows that nothing has changed, and a ship that does not see the light knows that \
  something has. That is all that a sign of life has to say, and it is a great deal.

  The weather comes from the west. First the swallows fly low, then the wind turns, and then the islands look so near \
  that you could count the windows in the houses. When the islands look near it will rain. When you cannot see the \
  islands it is raining already. The fishermen have many words for rain and only one for fine weather, which they do not \
  like to use.

  The baker gets up at three in the morning. He lights the oven first, because an oven cannot be hurried, and then he \
  looks at the dough. Dough that has had a whole night needs no strength, only a little flour on the table and quick \
  hands. By six the first bread is on the shelf, and by eight the street smells of it. He sells what he has baked, and \
  when it is sold he closes the door. He could bake more, but he has found that bread that nobody asked for is sad bread.

  Good bread has four things in it: flour, water, salt and time. You can leave out the salt and be sorry, but you cannot \
  leave out the time. Those who are in a hurry put in more yeast, and the bread is large and light and tastes of nothing. \
  Those who can wait put in less yeast, and the bread is smaller and keeps for a week.

  The train to the coast leaves at seven in the morning. It has two carriages, a stove, and a guard who knows \
  everybody. On the long hill behind the town it goes so slowly that children can run beside it, and on the other side \
  it goes so fast that the cups ring. The guard says that it comes to the same thing in the end, and that a train which \
  arrives at the right time was never fast and never slow.

  On a single line there is one rule that matters: no train may leave the station without the staff. The staff is a \
  piece of brass with the name of the line on it, and there is only one. Whoever holds the staff may go, and everybody \
  else has to wait. It is a simple thing, and there has never been an accident on the line, because two people cannot hold \
  the same piece of brass.

  The clock in the tower is older than the tower. It was made for another town that could not pay for it. It has one \
  hand, because the man who made it thought that nobody needs to know the minutes, and for three hundred years he was \
  right. Once a week somebody climbs up and winds it. If nobody came, it would go on for a day and a night, slower and \
  slower, and then it would be right twice a day, which is more than can be said of some clocks that are never stopped.

  A letter used to take three days from the coast to the town. You wrote it, you gave it away, and then you could do \
  nothing but wait. Now a letter takes no time at all, and people wait for the answer with the thing in their hand. The \
  old postman says that the letters have become shorter and the waiting has become longer.

  There is a well in the middle of the village. The rope is as long as the well is deep, and the bucket holds as much as \
  one person can carry. Nobody ever planned it so. There was a larger bucket once, and it stood beside the well for a \
  year, full of water that nobody could lift.

  When you write a program, write first what it should do when everything goes well. Then write what it should do when \
  the other side does not answer, when it answers twice, when it answers too late, and when it says something that \
  nobody has ever heard. The second part is longer than the first part, and it is the part that people will thank you for, \
  if they ever find out about it.

  A name is the smallest piece of documentation. If you can say the name of a thing and somebody else can find it, the name \
  is good. If you have to explain the name, it is not. Names that say how a thing is made grow old, names that say what a \
  thing is for do not.

  A queue without a limit is a promise that you cannot keep. It looks like a kindness: come in, everybody, there is room \
  for all. But the room is not yours, and the people in it are still waiting, only now you cannot see them. A queue with a \
  limit says no to somebody now, and keeps its word to everybody else.

  Whoever reads a stream should be able to stop at any time. Put the book down, close the tap, hang up. If the other side \
  goes on talking to nobody, something is wrong with the line. A good line carries two things: what is said in the one \
  direction, and whether anybody still wants to hear it in the other.

  In the winter the harbour is quiet. The nets hang in the loft, the boats lie on the beach with their bottoms up, and the \
  men mend what was broken in the summer. It is slow work and there is a great deal of talk. By the time the ice is gone \
  everything is whole, and nobody remembers who mended what.

  The old woman at the ferry has a bell. When you want to cross the river you ring the bell, and she comes over with \
  the boat. She does not come before you ring. She does not bring two boats. If you ring and go away she comes over, looks \
  around, and goes back without a word. It has been tried to make her angry in this way, and it cannot be done.

  At night the town is lit by a hundred lamps, and every one of them goes out by itself when it is no longer needed. It \
  was not always so. There was a man who went around with a long pole, and he was never in time for the last lamp.

  The teacher in our village taught everything with apples. Two apples and two apples are four apples. An apple that you \
  have eaten cannot be eaten again. If you give half of your apple to somebody, you have half an apple and a friend. When \
  the school inspector came and asked where the books were, the children said that they had eaten them.

  A map is smaller than the country, or it would be of no use. Somebody has decided what to leave out, and a good map is \
  good because of what is not on it. The best map of our valley shows the river, the road, the two bridges, and the three \
  houses where you can get something to eat.
  """
