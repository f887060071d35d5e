# Small models with random weights, for real servers to compute with: what they say means nothing, but it is computed.
#
#   tiny-models.py gguf FILE           for llama-server; wants the packages gguf and numpy
#   tiny-models.py folder FOLDER TEXT  for transformers; its words are learned from the file TEXT
#
# The same seed gives the same model.
import pathlib
import sys

SEED = 20
WIDTH, LAYERS, HEADS, INNER, CONTEXT = 128, 4, 4, 256, 4096

# Turns as most models know them, and calls of tools as Hermes writes them, so that servers know how to force one.
TEMPLATE = """{%- if tools %}<|im_start|>system
# Tools

You may call one or more functions. Their signatures are within <tools></tools>:
<tools>
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
</tools>

For each call, return a JSON object with its name and arguments within <tool_call></tool_call>:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call><|im_end|>
{% endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}<|im_start|>user
<tool_response>
{{ message.content }}
</tool_response><|im_end|>
{% else %}<|im_start|>{{ message.role }}
{{ message.content or '' }}
{%- if message.tool_calls %}
{%- for call in message.tool_calls %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>
{%- endfor %}
{%- endif %}<|im_end|>
{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""

# What begins a call: as likely as one of the syllables. After it a server lets nothing but a call be said.
CALL, AS_LIKELY_AS = "<tool_call>\n", "\u2581dor"


def vocabulary():
    """Every token with its kind: controls, the 256 bytes, ASCII, and syllables with and without a space before them."""
    tokens = [("<unk>", "UNKNOWN"), ("<s>", "CONTROL"), ("</s>", "CONTROL")]
    tokens += [("<|im_start|>", "CONTROL"), ("<|im_end|>", "CONTROL")]
    tokens += [(f"<0x{byte:02X}>", "BYTE") for byte in range(256)]
    words = [chr(code) for code in range(33, 127)] + ["\u2581"]
    syllables = [onset + vowel for onset in "bdfgklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "ai", "or")]
    words += ["\u2581" + syllable for syllable in syllables] + syllables + ["ä", "ö", "ü", "é", "ß", "→", "日", "🙂"]
    return tokens + [(word, "NORMAL") for word in dict.fromkeys([CALL] + words)]


def write_gguf(path):
    import gguf
    import numpy

    random = numpy.random.default_rng(SEED)
    tokens = vocabulary()
    names = [token for token, _ in tokens]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(names)
    writer.add_token_scores([-float(number) if kind == "NORMAL" else 0.0 for number, (_, kind) in enumerate(tokens)])
    writer.add_token_types([gguf.TokenType[kind] for _, kind in tokens])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(4)
    writer.add_add_bos_token(True)
    # A space before the first word would not be what grammars expect after the marks of a turn.
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)

    def noise(*shape, scale):
        return (random.standard_normal(shape) * scale).astype(numpy.float32)

    def add(name, values):
        writer.add_tensor(name, values)

    add("token_embd.weight", noise(len(tokens), WIDTH, scale=1.0))
    # What is said consists of syllables: controls and bytes are never likelier than any of them.
    output = noise(len(tokens), WIDTH, scale=0.3)
    output[[kind != "NORMAL" for _, kind in tokens]] = 0
    output[names.index(CALL)] = output[names.index(AS_LIKELY_AS)]
    add("output.weight", output)
    add("output_norm.weight", numpy.ones(WIDTH, numpy.float32))
    for layer in range(LAYERS):
        for part in ("attn_norm", "ffn_norm"):
            add(f"blk.{layer}.{part}.weight", numpy.ones(WIDTH, numpy.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{part}.weight", noise(WIDTH, WIDTH, scale=WIDTH**-0.5))
        for part in ("ffn_gate", "ffn_up"):
            add(f"blk.{layer}.{part}.weight", noise(INNER, WIDTH, scale=WIDTH**-0.5))
        add(f"blk.{layer}.ffn_down.weight", noise(WIDTH, INNER, scale=INNER**-0.5))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_folder(folder, text):
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    specials = ["<s>", "</s>", "<|im_start|>", "<|im_end|>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000, special_tokens=specials, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator([pathlib.Path(text).read_text(encoding="utf-8")], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="<|im_end|>", pad_token="</s>")
    fast.chat_template = TEMPLATE
    torch.manual_seed(SEED)
    config = LlamaConfig(
        vocab_size=len(fast), hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, max_position_embeddings=CONTEXT, bos_token_id=0, eos_token_id=3, pad_token_id=1,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "norm" not in name:
                torch.nn.init.normal_(weights, std=1.0 if "embed" in name else 0.3 if "head" in name else WIDTH**-0.5)
        # It goes on until it is stopped.
        model.lm_head.weight[: len(specials)] = 0
    model.save_pretrained(folder)
    fast.save_pretrained(folder)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["gguf", path]:
            write_gguf(path)
        case ["folder", folder, text]:
            write_folder(folder, text)
        case _:
            sys.exit(f"usage: {sys.argv[0]} gguf FILE | folder FOLDER TEXT")
