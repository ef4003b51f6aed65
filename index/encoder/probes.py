"""Texts on which a rebuilt model is compared with the original one: error lines, prose, Chinese, code, oddities."""

from __future__ import annotations

_ERRORS = """\
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 23.69 GiB
RuntimeError: CUDA error: no kernel image is available for execution on the device
KeyError: 'qwen2'
KeyError: 'model.layers.0.self_attn.qkv_proj.weight'
ValueError: Unrecognized model in ./checkpoint. Should have a `model_type` key in its config.json.
ImportError: cannot import name 'LlamaFlashAttention2' from 'transformers.models.llama.modeling_llama'
ModuleNotFoundError: No module named 'flash_attn'
OSError: libcudart.so.12: cannot open shared object file: No such file or directory
ImportError: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found
error loading model: unknown model architecture: 'gemma3'
llama_model_load: error loading model: tensor 'token_embd.weight' data is not within the file bounds, model is corrupted
error: failed to create context with model '/models/llama-3-8b.Q4_K_M.gguf'
ggml_cuda_init: failed to initialize CUDA: no CUDA-capable device is detected
Error: model requires more system memory (9.3 GiB) than is available (5.1 GiB)
Error: pull model manifest: file does not exist
safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge
RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!
RuntimeError: "addmm_impl_cpu_" not implemented for 'Half'
RuntimeError: probability tensor contains either `inf`, `nan` or element < 0
RuntimeError: FlashAttention only supports Ampere GPUs or newer.
RuntimeError: mat1 and mat2 shapes cannot be multiplied (77x2048 and 768x320)
RuntimeError: Error(s) in loading state_dict for LlamaForCausalLM: size mismatch for lm_head.weight
RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
RuntimeError: NCCL error in: ProcessGroupNCCL.cpp:1970, unhandled system error, NCCL version 2.20.5
torch.distributed.DistBackendError: Watchdog caught collective operation timeout: WorkNCCL(OpType=ALLREDUCE)
torch.distributed.elastic.multiprocessing.errors.ChildFailedError: train.py FAILED exitcode: -9
ValueError: The model's max seq len (131072) is larger than the maximum number of tokens in KV cache (28416).
ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0.
ValueError: Tokenizer class Qwen2Tokenizer does not exist or is not currently imported.
ValueError: Asking to pad but the tokenizer does not have a padding token.
ValueError: Cannot use chat template functions because tokenizer.chat_template is not set
jinja2.exceptions.TemplateError: Conversation roles must alternate user/assistant/user/assistant/...
TypeError: LlamaAttention.forward() got an unexpected keyword argument 'cache_position'
AttributeError: 'DynamicCache' object has no attribute 'get_max_length'
AttributeError: module 'torch' has no attribute 'float8_e4m3fn'
huggingface_hub.errors.GatedRepoError: 403 Client Error. Cannot access gated repo for url
requests.exceptions.SSLError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
UnicodeDecodeError: 'gbk' codec can't decode byte 0x80 in position 24: illegal multibyte sequence
The installed version of bitsandbytes was compiled without GPU support.
nvidia-smi has failed because it couldn't communicate with the NVIDIA driver
bash: nvcc: command not found
Killed
Segmentation fault (core dumped)
Illegal instruction (core dumped)
zsh: abort      python generate.py
MPS backend out of memory (MPS allocated: 17.92 GB, other allocations: 420.00 MB, max allowed: 18.13 GB)
loss: nan, grad_norm: nan, learning_rate: 2e-05, epoch: 0.03
WARNING 05-12 10:11:12 scheduler.py:1246] Input prompt (8312 tokens) is too long and exceeds limit of 4096
subprocess.CalledProcessError: Command '['ninja', '-v']' returned non-zero exit status 1.
ERROR: Could not build wheels for llama-cpp-python, which is required to install pyproject.toml-based projects
AssertionError: Torch not compiled with CUDA enabled"""

_PROSE = """\
How do I run a 70B model on two 24 GB cards?
The model answers with the same sentence over and over again and never stops.
After the update my fine-tuned adapter gives worse answers than the base model.
Why is generation so slow although the GPU is almost idle?
Loading takes ten minutes, then the process disappears without any message.
The server starts but every request returns an empty completion.
I merged the LoRA weights and now the output is only exclamation marks.
Which quantisation should I pick for a laptop with 16 GB of memory?
Training runs on one node and hangs at the first step on two nodes.
Set the padding token to the end-of-sequence token before you tokenise the batch.
Lower the maximum model length, or raise the share of GPU memory the server may use.
The checkpoint was saved half-way: download the last shard again and compare its checksum.
Upgrade the driver first, then reinstall the wheel that was built for your CUDA version.
The chat template is missing, so the prompt is sent without any role markers.
Use a smaller batch and more gradient accumulation steps.
The tokenizer adds the beginning-of-sequence token twice.
A man is eating a piece of bread while a woman plays the violin.
The weather in the mountains changed quickly, and the hikers turned back before noon.
Interest rates fell for the third quarter in a row, the central bank said on Tuesday.
Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.
to be, or not to be: that is the question
Le serveur ne démarre plus depuis la mise à jour du pilote.
Das Modell passt nicht in den Grafikspeicher.
La GPU no aparece en la lista de dispositivos.
モデルの読み込み中にメモリ不足のエラーが発生しました"""

_CHINESE = """\
显存不足，加载模型时报错
模型加载失败：找不到 config.json 文件
微调之后模型一直重复输出同一句话
vllm 启动报错 CUDA out of memory 怎么解决
为什么推理速度这么慢，GPU 利用率只有 5%
安装 flash-attn 编译失败，提示找不到 nvcc
量化后的模型输出乱码
多卡训练卡住不动，NCCL 超时
ollama 拉取模型很慢，如何设置镜像
tokenizer 没有 chat_template，应该怎么办
训练时 loss 变成 nan
请把 max_model_len 调小，或者提高 gpu_memory_utilization"""

_CODE = """\
model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B-Instruct", torch_dtype="auto", device_map="auto")
vllm serve meta-llama/Llama-3.1-8B-Instruct --tensor-parallel-size 2 --max-model-len 8192
./llama-server -m model.gguf -c 4096 -ngl 99 --host 0.0.0.0 --port 8080
pip install 'transformers>=4.37' --upgrade --no-cache-dir
  File "/usr/lib/python3.11/site-packages/vllm/engine/llm_engine.py", line 332, in __init__
for name, param in model.named_parameters(): print(name, param.dtype, param.requires_grad)
os.environ["PYTORCH_CUDA_ALLOC_CONF"] = "expandable_segments:True"
{"model_type": "llama", "rope_scaling": {"type": "yarn", "factor": 4.0}, "vocab_size": 128256}
export CUDA_VISIBLE_DEVICES=0,1 NCCL_P2P_DISABLE=1
SELECT id, title FROM cases WHERE symptom = 'out-of-memory' ORDER BY score DESC LIMIT 5;
template <typename T> __global__ void rms_norm_kernel(T* out, const T* input, float epsilon, int hidden_size)
| N/A   34C    P0    52W / 300W |  22871MiB / 23028MiB |    100%      Default |"""

_ODD = (
    "x",
    "CUDA",
    "0x7f3a9c000b20",
    "!!! ??? ###",
    "🤗 🚀 GPU 🔥",
    "tabs\tand\nnew lines\r\nand a NUL \x00 and a bell \x07",
    "antidisestablishmentarianism_" * 6,
    "３２ＧＢ ＶＲＡＭ ﬁne-tuning naïve café",
)


def probe_texts() -> list[str]:
    """All texts, some hundred and thirty; the longer ones reach the 256 tokens at which the encoder cuts."""
    errors, prose, chinese, code = (block.splitlines() for block in (_ERRORS, _PROSE, _CHINESE, _CODE))
    short = [*errors, *prose, *chinese, *code, *_ODD]
    tracebacks = [
        "Traceback (most recent call last):\n" + "\n".join([*code[start : start + 4], error])
        for start, error in enumerate(errors[:8])
    ]
    reports = [" ".join(prose[start : start + 8]) for start in range(0, 16, 4)]
    logs = ["\n".join(errors[start : start + 12]) for start in range(0, 48, 12)]
    return [*short, *tracebacks, *reports, *logs, "\n".join(errors), " ".join(chinese)]
