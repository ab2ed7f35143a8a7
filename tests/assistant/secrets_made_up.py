"""Secrets of every kind, made up anew each time, and lines that hold them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
DIGITS = "0123456789"
WORD = LOWER + UPPER + DIGITS


def made_of(alphabet: str, least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most or least)


# Value words never look like what only says that there is no secret ("none", "null", "xxx").
WORDS = made_of(WORD, 10, 30).map(lambda text: f"q7{text}")
PHRASES = st.lists(WORDS, min_size=2, max_size=3).map(" ".join)

BY_THEIR_LOOK: dict[str, st.SearchStrategy[str]] = {
    "jwt": st.tuples(made_of(WORD, 12), made_of(WORD, 20), made_of(WORD + "-_", 30)).map(
        lambda parts: "ey" + "J" + ".".join(parts)
    ),
    "aws-key": st.tuples(st.sampled_from(["AKI", "ASI"]), made_of(UPPER + "234567", 16)).map("A".join),
    "github-token": st.tuples(st.sampled_from(["ghp", "gho", "ghs", "github_pat"]), made_of(WORD, 36)).map("_".join),
    "gitlab-token": made_of(WORD, 20).map(lambda text: "glpat" + "-" + text),
    "slack-token": made_of(DIGITS, 12).map(lambda text: "xoxb" + "-" + text + "-x"),
    "google-key": made_of(WORD, 35).map(lambda text: "AIz" + "a" + text),
    "stripe-key": made_of(WORD, 24).map(lambda text: "sk_live" + "_" + text),
    "model-key": made_of(WORD, 40).map(lambda text: "sk" + "-proj-" + text),
    "npm-token": made_of(WORD, 36).map(lambda text: "npm" + "_" + text),
    "pypi-token": made_of(WORD, 60).map(lambda text: "pypi" + "-" + text),
    "hub-token": made_of(WORD, 34).map(lambda text: "hf" + "_" + text),
}
"""Kinds that are found wherever they stand."""

BY_THEIR_PLACE: dict[str, tuple[str, Callable[[str], str]]] = {
    "an assignment": ("password", lambda secret: f"db password={secret} retries=3"),
    "an upper-case variable": ("password", lambda secret: f"env DB_PASSWORD={secret}"),
    "yaml": ("password", lambda secret: f"  client_secret: {secret}"),
    "a variable of a cloud": ("password", lambda secret: f"AWS_SECRET_ACCESS_KEY = {secret}"),
    "json": ("password", lambda secret: f'{{"user":"bob","passwd":"{secret}","n":1}}'),
    "json inside of json": ("password", lambda secret: rf'{{"msg":"sent {{\"api_key\":\"{secret}\",\"n\":1}}"}}'),
    "json inside of json inside of json": (
        "password",
        lambda secret: rf'{{"a":"{{\"b\":\"{{\\\"token\\\":\\\"{secret}\\\"}}\"}}"}}',
    ),
    "single quotes": ("password", lambda secret: f"connecting with secret='{secret}' now"),
    "a line that was cut off": ("password", lambda secret: f'{{"level":"info","token":"{secret}'),
    "python": ("password", lambda secret: f"{{'accessToken': '{secret}', 'ttl': 60}}"),
    "ruby": ("password", lambda secret: f'{{:api_key=>"{secret}"}}'),
    "go": ("password", lambda secret: f'token := "{secret}"'),
    "a comparison": ("password", lambda secret: f'if password == "{secret}" {{'),
    "a header": ("password", lambda secret: f"x-api-key: {secret}"),
    "a query": ("password", lambda secret: f"GET /v1/orders?page=2&access_token={secret}&sort=asc 200"),
    "a url": ("url-password", lambda secret: f"connecting to postgres://shop:{secret}@db.shop.svc:5432/orders"),
    "a url without a user": ("url-password", lambda secret: f"cache redis://:{secret}@cache:6379/0 is away"),
    "authorization": ("authorization", lambda secret: f'"Authorization": "Bearer {secret}"'),
    "another scheme": ("authorization", lambda secret: f"authorization: ApiKey {secret}"),
    "bearer": ("bearer", lambda secret: f"sent bearer {secret} upstream"),
    "basic": ("basic", lambda secret: f"proxy wants Basic {secret}"),
    "a cookie": ("cookie", lambda secret: f"Cookie: session={secret}; theme=dark"),
    "a signature": ("azure-signature", lambda secret: f"PUT https://store.example/blob?sv=2024&sig={secret}{secret}"),
    "a webhook": ("slack-token", lambda secret: f"POST https://hooks.slack.com/services/{secret}/{secret}"),
}
"""Places that make whatever stands there a secret: the kind, and a line."""

QUOTED = ("json", "json inside of json", "single quotes", "a line that was cut off", "python", "ruby", "go")
