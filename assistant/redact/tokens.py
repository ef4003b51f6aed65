"""What is a secret by its own shape: the tokens of providers, and private keys."""

from __future__ import annotations

from .rule import Rule

_SHAPES = (
    r"hf_[A-Za-z0-9]{20,}", r"api_org_[A-Za-z0-9]{20,}",
    r"sk-(?!no-key-required)(?=[\w-]{0,80}[0-9A-Z])[\w-]{16,}", r"(?:sk|rk|pk)_(?:live|test)_\w{10,}",
    r"gh[pousr]_\w{20,}", r"github_pat_\w{20,}", r"gl(?:pat|dt|rt|ptt|cbt|ft|soat|oas|agent)-[\w.-]{16,}",
    r"A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{12,}", r"AIza[\w-]{30,}", r"ya29\.[\w.-]{16,}", r"GOCSPX-[\w-]{16,}",
    r"xox[a-z]-[\w-]{10,}", r"xapp-[\w-]{10,}", r"npm_[A-Za-z0-9]{30,}", r"pypi-[\w-]{30,}",
    r"dckr_(?:pat|oat)_[\w-]{16,}",
    r"ms-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", r"wandb_v\d_[\w-]{20,}",
    r"(?:gsk|r8|fw|tgp_v\d|lsv2_(?:pt|sk)|nvapi|xai|pplx|csk|pcsk|hvs|tvly|jina|shpat|glsa|dop_v\d|rpa)"
    r"[_.-](?=[\w-]{0,80}\d)[\w-]{20,}", r"dapi[0-9a-f]{32}",
    r"SG\.[\w-]{16,}\.[\w-]{16,}", r"eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?",
)  # fmt: skip
_SIGN = (
    r"\b(?:hf_\w|api_org_|sk-\w|[srp]k_(?:live|test)|gh[pousr]_|github_pat|gl(?:pat|dt|rt|ptt|cbt|ft|soat|oas|agent)-"
    r"|a(?:kia|sia|bia|cca)[a-z0-9]{12}|aiza[\w-]{30}|ya29\.|gocspx-|xox[a-z]-|xapp-|npm_\w{30}|pypi-\w{16}|dckr_"
    r"|ms-[0-9a-f]{8}-|wandb_v|(?:gsk|r8|fw|tgp_v\d|lsv2_(?:pt|sk)|nvapi|xai|pplx|csk|pcsk|hvs|tvly|jina|shpat|glsa"
    r"|dop_v\d|rpa)[_.-][\w-]{20}|dapi[0-9a-f]{32}|sg\.[\w-]{16}|eyj[\w-]{10,}\.)"
)

_KEY_LINE = r"[A-Za-z0-9+/=]{20,}"
_GAP = r"(?:\s|\\+[nr]){0,8}"
_BREAK = r"(?:\s|\\+[nr]){1,8}"
_PEM = (
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[^-]*(?:-(?!----)[^-]*)*-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    # Cut off: what looks like its lines goes, what follows them stays.
    rf"|(?:{_GAP}(?:Proc-Type|DEK-Info|Version|Comment): [^\n\\]*)*(?:{_GAP}{_KEY_LINE})*(?:{_GAP}[A-Za-z0-9+/=]+\Z)?)"
)

_PEM_END = (  # its beginning was cut off
    rf"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/=]{{20,100}}+{_BREAK}+){{1,120}}+(?:[A-Za-z0-9+/=]{{1,19}}+{_BREAK}+)?"
    r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
)

TOKENS = (
    Rule(_SIGN, rf"\b(?:{'|'.join(_SHAPES)})", "<token>"),
    Rule("private key", _PEM, "<private key>"),
    Rule("private key", _PEM_END, "<private key>"),
    Rule(
        r"hooks\.slack\.com|/api/webhooks/|api\.telegram\.org",
        r"(?i)(hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/"
        r"|api\.telegram\.org/(?:file/)?bot)(?!<)[\w:/-]{8,}",
        r"\1<token>",
    ),
    Rule(
        r"wandb[^\n]{0,60}(?:login|key)",
        r"(?i)(wandb[^\n]{0,60}?(?:login|key)[^\n]{0,60}?)\b[0-9a-f]{40}\b",
        r"\1<token>",
    ),
)
