"""Secrets that are known by their look: tokens that their makers gave a beginning of its own.

The beginnings and lengths are those that the makers document. What is a little shorter counts as well: a line may have
been cut off in the middle of a token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.redact_rules import by_look

if TYPE_CHECKING:
    from hallucino_tui.assistant.redact_rules import Rule

_ALONE: Final = r"(?<![A-Za-z0-9])"
"""No letter or digit stands in front."""

LOOKS: Final[tuple[Rule, ...]] = (
    by_look("jwt", "eyj", _ALONE + r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){0,3}"),
    by_look(
        "aws-secret",
        "akia asia",
        # Side by side, as in a table of keys: the second one has no look of its own.
        r"(?:AKIA|ASIA)[A-Z0-9]{16}\\*[\"']?[\s,:;|]{1,3}\\*[\"']?(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])",
    ),
    by_look(
        "aws-key", "akia asia abia acca", _ALONE + r"A(?:KIA|SIA|BIA|CCA)(?:[A-Z0-9]{16}(?![A-Z0-9])|[A-Z0-9]{8,15}\Z)"
    ),
    by_look(
        "github-token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        _ALONE + r"(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,})",
    ),
    by_look(
        "gitlab-token",
        "glpat- glptt- gldt- glrt- glcbt- glft- glimt- glagent- gloas- glsoat- glffct- glwt- gr1348941",
        r"(?:gl(?:pat|ptt|dt|rt|cbt|ft|imt|agent|oas|soat|ffct|wt)-[\w-]{16,}(?:\.[\w-]+){0,2}|GR1348941[\w-]{16,})",
    ),
    by_look(
        "slack-token",
        "xox xapp- hooks.slack.com",
        _ALONE + r"(?:xox[a-z](?:\.xox[a-z])?-[\w%-]{10,}|xapp-\d-[\w-]{10,})"
        r"|hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/+-]{10,})",
    ),
    by_look(
        "webhook",
        "/api/webhooks/ webhookb2/",
        r"discord(?:app)?\.com/api/webhooks/(?P<secret>\d+/[\w-]{10,})|webhookb2/[\w@/-]{20,}",
    ),
    by_look(
        "google-key",
        "aiza ya29. gocspx-",
        _ALONE + r"(?:AIza[\w-]{16,}|ya29\.[\w.-]{16,}|GOCSPX-[\w-]{16,})",
    ),
    by_look(
        "stripe-key",
        "sk_live_ sk_test_ rk_live_ rk_test_ whsec_",
        r"(?:[sr]k_(?:live|test)_\w{10,}|whsec_[\w+/=]{16,})",
    ),
    by_look(
        "model-key",
        "sk- gsk_ xai- pplx- r8_",
        _ALONE + r"(?:sk-(?:(?:ant|proj|or|svcacct|admin)-[\w-]{16,}|(?=[\w-]{0,60}[0-9])[\w-]{20,})"
        r"|gsk_\w{20,}|(?:xai|pplx)-\w{20,}|r8_\w{20,})",
    ),
    by_look("npm-token", "npm_", _ALONE + r"npm_[A-Za-z0-9]{20,}"),
    by_look("pypi-token", "pypi-", _ALONE + r"pypi-(?:Ag[\w-]{16,}|[\w-]{40,})"),
    by_look(
        "hub-token",
        "hf_ api_org_ dckr_pat_ dckr_oat_",
        _ALONE + r"(?:(?:hf|api_org)_[A-Za-z0-9]{20,}|dckr_[po]at_[\w-]{16,})",
    ),
    by_look("sendgrid-key", "sg.", _ALONE + r"SG\.[\w-]{16,}(?:\.[\w-]*)?"),
    by_look(
        "twilio-key",
        "sk0 sk1 sk2 sk3 sk4 sk5 sk6 sk7 sk8 sk9 ska skb skc skd ske skf",
        _ALONE + r"SK[0-9a-f]{32}(?![0-9A-Za-z])",
    ),
    by_look("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{16,}"),
    by_look(
        "vault-token",
        "hvs. hvb. hvr. .atlasv1.",
        _ALONE + r"(?:hv[sbr]\.[\w-]{16,}|[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{16,})",
    ),
    by_look("openshift-token", "sha256~", r"sha256~[\w-]{16,}"),
    by_look("telegram-token", ":aa", r"(?<![\w:.-])(?:bot)?(?P<secret>\d{6,12}:AA[\w-]{30,})"),
    by_look("newrelic-key", "nrak- nrii- nrjs- nral", _ALONE + r"NR(?:AK|II|JS)-[\w-]{16,}|[0-9a-f]{36}NRAL"),
    by_look("grafana-token", "glc_ glsa_", _ALONE + r"(?:glc_[\w+/=]{20,}|glsa_\w{20,})"),
    by_look("azure-secret", "q~", r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{20,}"),
    by_look(
        "service-token",
        "shpat_ shpca_ shppa_ shpss_ dapi lin_api_ ntn_ pmak- pul- dp.pt. dp.st. pscale_ rubygems_ atatt3 ops_eyj"
        " sntrys_ sntryu_ dt0c01. fo1_ xkeysib- sgp_ akcp age-secret-key-1 ltai sq0atp- sq0csp- hrku-aa sbp_ ccipat_",
        _ALONE
        + r"(?:shp(?:at|ca|pa|ss)_[a-fA-F0-9]{20,}|dapi[a-f0-9]{32}|lin_api_\w{20,}|ntn_\w{20,}|PMAK-[a-f0-9-]{20,}"
        r"|pul-[a-f0-9]{32,}|dp\.(?:pt|st)\.[\w.-]{20,}|pscale_(?:tkn|oauth|pw)_[\w=.-]{16,}|rubygems_[a-f0-9]{20,}"
        r"|ATATT3[\w=-]{20,}|ops_eyJ[\w+/=-]{20,}|sntry(?:s_[\w+/=]|u_[a-f0-9]){20,}|dt0c01\.[A-Z0-9.]{20,}|fo1_[\w-]{20,}"
        r"|xkeysib-[a-f0-9-]{20,}|sgp_\w{32,}|AKCp\w{20,}|AGE-SECRET-KEY-1[A-Z0-9]{20,}|LTAI[A-Za-z0-9]{16,}"
        r"|sq0(?:atp|csp)-[\w-]{20,}|HRKU-AA[\w-]{20,}|sbp_[a-f0-9]{20,}|CCIPAT_\w{20,})",
    ),
)
"""In the order in which they are applied."""
