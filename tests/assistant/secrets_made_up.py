"""Secrets of every kind, made up anew each time, and lines that hold them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.secrets_left import made_up

LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
DIGITS = "0123456789"
WORD = LOWER + UPPER + DIGITS
# Put together here, so that nothing takes the tests for keys.
KEY = "PRIVATE " + "KEY"
BEGIN_KEY, END_KEY = f"-----BEGIN {KEY}-----", f"-----END {KEY}-----"


MOST_BY_CHANCE = 1_000


def by_chance(secret: str) -> str:
    """Remember a secret that was drawn; there are many, so not all of them are."""
    return made_up(secret, MOST_BY_CHANCE)


def made_of(alphabet: str, least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most or least)


# Value words never look like what only says that there is no secret ("none", "null", "xxx").
WORDS = made_of(WORD, 10, 30).map(lambda text: by_chance(f"q7{text}"))
PHRASES = st.lists(WORDS, min_size=2, max_size=3).map(" ".join)

_LOOKS: dict[str, st.SearchStrategy[str]] = {
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
    "sendgrid-key": st.tuples(made_of(WORD + "-_", 22), made_of(WORD, 43)).map(
        lambda parts: "SG" + "." + ".".join(parts)
    ),
    "twilio-key": made_of("0123456789abcdef", 32).map(lambda text: "S" + "K" + text),
    "digitalocean-token": made_of("0123456789abcdef", 64).map(lambda text: "dop" + "_v1_" + text),
    "vault-token": made_of(WORD, 90).map(lambda text: "hv" + "s." + text),
    "openshift-token": made_of(WORD, 43).map(lambda text: "sha256" + "~" + text),
    "telegram-token": st.tuples(made_of(DIGITS, 10), made_of(WORD, 33)).map((":A" + "A").join),
    "newrelic-key": made_of(UPPER + DIGITS, 27).map(lambda text: "NRA" + "K-" + text),
    "grafana-token": made_of(WORD, 40).map(lambda text: "gls" + "a_" + text),
    "azure-secret": st.tuples(made_of(WORD, 3), made_of(WORD, 32)).map(("8Q" + "~").join),
    "service-token": made_of("0123456789abcdef", 32).map(lambda text: "shpa" + "t_" + text),
}
BY_THEIR_LOOK = {kind: secrets.map(by_chance) for kind, secrets in _LOOKS.items()}
"""Kinds that are found wherever they stand."""

BY_THEIR_PLACE: dict[str, tuple[str, Callable[[str], str]]] = {
    "an assignment": ("password", lambda secret: f"db password={secret} retries=3"),
    "an upper-case variable": ("password", lambda secret: f"env DB_PASSWORD={secret}"),
    "yaml": ("password", lambda secret: f"  client_secret: {secret}"),
    "a variable of a cloud": ("aws-secret", lambda secret: f"AWS_SECRET_ACCESS_KEY = {secret}"),
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
    "a key of a store": (
        "azure-key",
        lambda secret: f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={secret}==;EndpointSuffix=x.net",
    ),
    "a signed address": ("signature", lambda secret: f"GET /b/o?X-Amz-Expires=60&X-Amz-Signature={secret}{secret} 200"),
    "docker": ("docker-auth", lambda secret: f'{{"auths":{{"r.example":{{"auth":"{secret}"}}}}}}'),
    "another webhook": ("webhook", lambda secret: f"POST https://discord.com/api/webhooks/1234567/{secret} 204"),
    "an option": ("command-password", lambda secret: f"exec: shopctl --db-password {secret} --retries 3"),
    "an option with an equals sign": ("password", lambda secret: f"exec: shopctl --token={secret} --retries 3"),
    "mysql": ("command-password", lambda secret: f"sh -c mysqldump -h db -u shop -p{secret} orders"),
    "sshpass": ("command-password", lambda secret: f"+ sshpass -p {secret} ssh shop@host"),
    "docker login": ("command-password", lambda secret: f"+ docker login -u shop -p {secret} r.example"),
    "curl": ("command-password", lambda secret: f"+ curl -fsS -u shop:{secret} https://r.example/v2/"),
    "xml": ("password", lambda secret: f"<user>shop</user><dbPassword>{secret}</dbPassword>"),
    "an encoded query": ("password", lambda secret: f"GET /login?next=%2Fa%3Ftoken%3D{secret}%26page%3D2 302"),
    "an encoded object": ("password", lambda secret: f"POST body=%7B%22password%22%3A%22{secret}%22%2C%22n%22%3A1%7D"),
    "quotes by their numbers": (
        "password",
        lambda secret: rf"{{\u0022password\u0022:\u0022{secret}\u0022,\u0022n\u0022:1}}",
    ),
    "quotes of html": ("password", lambda secret: f"{{&quot;password&quot;:&quot;{secret}&quot;}}"),
    "sql": ("password", lambda secret: f"CREATE USER shop WITH PASSWORD '{secret}' LOGIN"),
    "a dsn": ("password", lambda secret: f"host=db port=5432 user=shop password={secret} sslmode=disable"),
    "a connection string": ("password", lambda secret: f"Server=db;User Id=shop;Password={secret};Encrypt=True"),
    "a list in brackets": ("password", lambda secret: f"Config{{user=shop, password={secret}, ssl=true}}"),
    "a short name": ("password", lambda secret: f"env PGUSER=shop DB_PASS={secret} LANG=C"),
    "a user that is a token": ("url-password", lambda secret: f"cloning https://{secret}{secret}@git.example/shop.git"),
    "a signature": ("azure-key", lambda secret: f"PUT https://store.example/blob?sv=2024&sig={secret}{secret}"),
    "a webhook": ("slack-token", lambda secret: f"POST https://hooks.slack.com/services/{secret}/{secret}"),
}
"""Places that make whatever stands there a secret: the kind, and a line."""

BY_THEIR_PLACE["a line of yaml"] = ("password", lambda secret: f"  password: {secret}")

QUOTED = (
    "sql",
    "quotes by their numbers",
    "quotes of html",
    "xml",
    "a line of yaml",
    "json",
    "json inside of json",
    "single quotes",
    "a line that was cut off",
    "python",
    "ruby",
    "go",
)
