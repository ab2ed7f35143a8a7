"""Secrets planted in lines as programs write them: nothing of any of them is left."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from secrets_made_up import BEGIN_KEY, DIGITS, KEY, LOWER, UPPER, WORD

from hallucino_tui.assistant.neutralise import neutralise
from hallucino_tui.assistant.redact import PSEUDONYM, RULES, Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

LOGHUB = Path(__file__).parents[3] / "shared" / "data" / "loghub" / "loghub_2k"
PIECE = 6
"""So many characters of a secret in a row must not be left."""

HEX = "0123456789abcdef"


class Maker:
    """Makes secrets up, always the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def of(self, alphabet: str, length: int) -> str:
        return "".join(self._random.choices(alphabet, k=length))

    def word(self) -> str:
        return self.of(WORD, 12)

    def phrase(self) -> str:
        return " ".join(self.of(LOWER, 7) + self.of(DIGITS, 2) for _ in range(3))


Plant = tuple[str, "Callable[[Maker], str]"]
# ruff: noqa: E501 - a line of a log is a line
# What stands between « and » is the secret.
PLANTED: list[Plant] = [
    ("jwt", lambda m: f"sent token «ey{'J'}{m.of(WORD, 20)}.{m.of(WORD, 60)}.{m.of(WORD, 43)}» to svc/pay"),
    ("jwt", lambda m: f'{{"sa":"/var/run","jwt":"«ey{"J"}{m.of(WORD, 34)}.{m.of(WORD, 300)}.{m.of(WORD + "-_", 340)}»"}}'),
    ("aws-key", lambda m: f"AccessDenied: user «AKI{'A'}{m.of(UPPER + '234567', 16)}» is not allowed"),
    ("aws-secret", lambda m: f"export AWS_SECRET_ACCESS_KEY=«{m.of(WORD + '+/', 40)}»"),
    ("aws-secret", lambda m: f'{{"AccessKeyId":"x","SecretAccessKey":"«{m.of(WORD + "+/", 40)}»","Expiration":"2026"}}'),
    ("aws-secret", lambda m: f"row: AKI{'A'}{m.of(UPPER, 16)},«{m.of(WORD + '+/', 40)}»,eu-west-1"),
    ("github-token", lambda m: f"remote: https://x-access-token:«gh{'p'}_{m.of(WORD, 36)}»@github.com/shop/shop.git"),
    ("github-token", lambda m: f"GITHUB_TOKEN=«github{'_'}pat_{m.of(WORD, 22)}_{m.of(WORD, 59)}»"),
    ("gitlab-token", lambda m: f"fatal: auth failed for glab «glpa{'t'}-{m.of(WORD + '-_', 20)}»"),
    ("gitlab-token", lambda m: f"registering runner with «glr{'t'}-{m.of(WORD + '-_', 20)}»"),
    ("slack-token", lambda m: f"slack: invalid_auth «xox{'b'}-{m.of(DIGITS, 12)}-{m.of(DIGITS, 12)}-{m.of(WORD, 24)}»"),
    ("slack-token", lambda m: f"POST https://hooks.slack.com/services/«T{m.of(UPPER, 8)}/B{m.of(UPPER, 8)}/{m.of(WORD, 24)}» 200"),
    ("slack-token", lambda m: f"socket mode with «xap{'p'}-1-{m.of(UPPER, 11)}-{m.of(DIGITS, 13)}-{m.of(HEX, 64)}»"),
    ("webhook", lambda m: f"alert to https://discord.com/api/webhooks/«{m.of(DIGITS, 18)}/{m.of(WORD, 68)}» failed"),
    ("google-key", lambda m: f"GET https://maps.example/api?key=«AIz{'a'}{m.of(WORD + '-_', 35)}»&q=x 403"),
    ("google-key", lambda m: f"oauth: «ya{'29'}.{m.of(WORD + '-_', 120)}» expired"),
    ("stripe-key", lambda m: f"StripeError: no such key «sk_{'live'}_{m.of(WORD, 24)}»"),
    ("stripe-key", lambda m: f"verifying with «whse{'c'}_{m.of(WORD, 32)}»"),
    ("model-key", lambda m: f"openai 401: Incorrect API key provided: «sk-{'proj'}-{m.of(WORD + '-_', 120)}»."),
    ("model-key", lambda m: f"x-api-key «sk-{'ant'}-api03-{m.of(WORD + '-_', 93)}» refused"),
    ("npm-token", lambda m: f"//registry.example/:_authToken=«npm{'_'}{m.of(WORD, 36)}»"),
    ("pypi-token", lambda m: f"twine upload -p «pypi{'-'}AgEI{m.of(WORD + '-_', 150)}» dist/x"),
    ("hub-token", lambda m: f"huggingface_hub: «hf{'_'}{m.of(LOWER + UPPER, 34)}» is invalid"),
    ("hub-token", lambda m: f"docker: unauthorized with «dckr{'_'}pat_{m.of(WORD + '-_', 27)}»"),
    ("sendgrid-key", lambda m: f"mail: 401 for «S{'G'}.{m.of(WORD + '-_', 22)}.{m.of(WORD + '-_', 43)}»"),
    ("twilio-key", lambda m: f"twilio: key «S{'K'}{m.of(HEX, 32)}» suspended"),
    ("digitalocean-token", lambda m: f"doctl: «dop{'_'}v1_{m.of(HEX, 64)}» was revoked"),
    ("vault-token", lambda m: f"vault: permission denied for «hv{'s'}.{m.of(WORD, 95)}»"),
    ("vault-token", lambda m: f"terraform: «{m.of(WORD, 14)}.atlas{'v1'}.{m.of(WORD, 67)}» not authorised"),
    ("telegram-token", lambda m: f"GET https://api.telegram.org/bot«{m.of(DIGITS, 10)}:A{'A'}{m.of(WORD + '-_', 33)}»/getMe 401"),
    ("newrelic-key", lambda m: f"agent: license «{m.of(HEX, 36)}NRA{'L'}» refused"),
    ("grafana-token", lambda m: f"grafana: «gls{'a'}_{m.of(WORD, 32)}_{m.of(HEX, 8)}» has no rights"),
    ("azure-secret", lambda m: f"AADSTS7000215 for «{m.of(WORD, 3)}8Q{'~'}{m.of(WORD + '-_.', 34)}» given"),
    ("azure-key", lambda m: f"AccountName=shop;AccountKey=«{m.of(WORD + '+/', 86)}==»;EndpointSuffix=core.windows.net"),
    ("azure-key", lambda m: f"GET https://shop.blob.core.windows.net/c/o?sv=2024-11-04&sp=r&sig=«{m.of(WORD, 40)}%3D»&se=2026 403"),
    ("azure-key", lambda m: f"Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=«{m.of(WORD, 43)}=»"),
    ("signature", lambda m: f"GET /b/o?X-Amz-Date=2026&X-Amz-Signature=«{m.of(HEX, 64)}» 403"),
    ("service-token", lambda m: f"databricks: «dap{'i'}{m.of(HEX, 32)}» expired"),
    ("openshift-token", lambda m: f"oc login --token «sha256{'~'}{m.of(WORD, 43)}» https://api:6443"),
    ("docker-auth", lambda m: f'{{"auths":{{"https://index.docker.io/v1/":{{"auth":"«{m.of(WORD, 40)}=»"}}}}}}'),
    ("authorization", lambda m: f"> Authorization: Basic «{m.of(WORD, 24)}==»"),
    ("authorization", lambda m: f'{{"headers":{{"authorization":["Bearer «{m.of(WORD, 40)}»"]}}}}'),
    ("authorization", lambda m: rf'{{"dump":"{{\"Authorization\":\"Token «{m.of(WORD, 40)}»\"}}"}}'),
    ("authorization", lambda m: f'Authorization: Digest «username="bob", response="{m.of(HEX, 32)}", nc=1»'),
    ("bearer", lambda m: f"curl -H 'X-Forwarded: bearer «{m.of(WORD, 40)}»'"),
    ("basic", lambda m: f"proxy: Basic «{m.of(WORD, 20)}7=»"),
    ("cookie", lambda m: f"< Set-Cookie: «session={m.of(WORD, 32)}; Path=/; HttpOnly»"),
    ("cookie", lambda m: f'{{"cookie":"«JSESSIONID={m.of(UPPER + DIGITS, 32)}; theme={m.of(LOWER, 8)}»"}}'),
    ("url-password", lambda m: f"dial postgres://shop:«{m.word()}@{m.word()}»@db.shop.svc:5432/orders: refused"),
    ("url-password", lambda m: f"celery: Cannot connect to amqp://shop:«{m.word()}#!»@mq:5672//: timed out"),
    ("url-password", lambda m: f"GET /login?next=postgres%3A%2F%2Fshop%3A«{m.word()}»%40db%3A5432 302"),
    ("url-password", lambda m: f"SENTRY_DSN https://«{m.of(HEX, 32)}»@o1.ingest.example/42"),
    ("password", lambda m: f'config: password="«{m.phrase()}»" user="bob"'),
    ("password", lambda m: f"config: password='«{m.phrase()}»', user='bob'"),
    ("password", lambda m: f'{{"user":"bob","password":"«{m.phrase()}»","n":1}}'),
    ("password", lambda m: rf'{{"msg":"body {{\"secret\":\"«{m.phrase()}»\",\"n\":1}}"}}'),
    ("password", lambda m: f"  db_password: «{m.phrase()}»"),
    ("password", lambda m: f'  "client_secret" : "«{m.word()}\\"{m.word()}»",'),
    ("password", lambda m: f"POST /token?grant_type=password&client_secret=«{m.word()}»&scope=all 401"),
    ("password", lambda m: f"callback?state=1%26access_token%3D«{m.word()}»%26type%3Dx"),
    ("password", lambda m: f"javax.jdbc: Server=db;Database=x;Uid=shop;Pwd=«{m.word()}»;Encrypt=true"),
    ("password", lambda m: f"host=db user=shop password=«{m.word()},{m.word()};{m.word()}» dbname=x"),
    ("password", lambda m: f"env: DD_API_KEY=«{m.of(HEX, 32)}» DD_SITE=x"),
    ("password", lambda m: f"env: NEW_RELIC_LICENSE_KEY=«{m.of(HEX, 40)}» PWD=/srv"),
    ("password", lambda m: f"dd-api-key: «{m.of(HEX, 32)}»"),
    ("password", lambda m: f"DEBUG props {{spring.datasource.password=«{m.word()}», pool=5}}"),
    ("password", lambda m: f"<entry><Password>«{m.phrase()}»</Password></entry>"),
    ("password", lambda m: f"ALTER ROLE shop PASSWORD '«{m.phrase()}»'"),
    ("password", lambda m: f"accessToken=«{m.word()}», lifetime=abc12"),
    ("command-password", lambda m: f"exec: shopctl --user bob --password «{m.word()}» --retries 3"),
    ("password", lambda m: f"exec: shopctl --db-password '«{m.phrase()}»' --retries 3"),
    ("command-password", lambda m: f"+ mysqldump -h db -ushop -p«{m.word()}» orders"),
    ("command-password", lambda m: f"+ docker login -u shop -p «{m.word()}» r.example"),
    ("command-password", lambda m: f"+ curl -sS -u bob:«{m.word()}» https://r.example"),
    ("private-key", lambda m: f"-----BEGIN RSA {KEY}-----\\n«{m.of(WORD + '+/', 64)}\\n{m.of(WORD + '+/', 20)}»\\n-----END RSA {KEY}-----"),
    ("private-key", lambda m: f'{{"type":"service_account","private_key":"{BEGIN_KEY}\\n«{m.of(WORD, 64)}»'),
]  # fmt: skip


def grown(plant: Plant, seed: int) -> tuple[str, str, str]:
    """Return the kind, the line and the secret."""
    kind, line = plant[0], plant[1](Maker(seed))
    return kind, line.replace("«", "").replace("»", ""), line.partition("«")[2].partition("»")[0]


def pieces(secret: str) -> list[str]:
    # A name that stands in a secret (username=, Path=/) tells nothing.
    words = secret.replace("\\n", " ").replace("username=", " ").replace("response=", " ").replace("JSESSIONID=", " ")
    words = words.replace("session=", " ").replace("HttpOnly", " ")
    return [word[at : at + PIECE] for word in words.split() for at in range(len(word) - PIECE + 1)]


def left_of(secret: str, text: str) -> list[str]:
    text = PSEUDONYM.sub(" ", text)
    return [piece for piece in pieces(secret) if piece in text]


def test_there_are_enough_of_enough_kinds() -> None:
    assert len(PLANTED) >= 60
    assert len({kind for kind, _ in PLANTED}) >= 30
    assert {rule.kind for rule in RULES} == {kind for kind, _ in PLANTED}


@pytest.mark.parametrize("number", range(len(PLANTED)))
def test_nothing_of_a_planted_secret_is_left(number: int) -> None:
    for seed in range(20):
        kind, line, secret = grown(PLANTED[number], 100 * number + seed)
        redactor = Redactor()
        made = redactor.redact(line)
        assert pieces(secret)
        assert left_of(secret, made) == [], made
        assert left_of(secret, neutralise(made)) == []
        assert redactor.restore(made) == line
        assert redactor.replaced[kind]


@pytest.mark.parametrize("number", range(len(PLANTED)))
def test_the_words_around_a_planted_secret_are_left(number: int) -> None:
    _, line, secret = grown(PLANTED[number], number)
    made = Redactor().redact(line)
    before, _, behind = line.partition(secret)
    assert made.startswith(before[:4])
    assert made.endswith(behind[-8:])


@pytest.mark.corpora
@pytest.mark.skipif(not LOGHUB.is_dir(), reason="the log corpora are not there")
def test_nothing_of_secrets_planted_in_real_lines_is_left_and_real_lines_stay() -> None:
    lines: list[str] = []
    secrets: list[tuple[int, str]] = []
    touched = 0
    for path in sorted(LOGHUB.glob("*/*_2k.log")):
        real = path.read_text(encoding="utf-8", errors="replace").splitlines()
        clean = Redactor().redact_series(pl.Series(real), np.zeros(len(real), np.uint32)).to_list()
        touched += sum(made != line for made, line in zip(clean, real, strict=True))
        for number, line in enumerate(real):
            if number % 10:
                lines.append(line)
                continue
            plant = PLANTED[number // 10 % len(PLANTED)]
            # A line of YAML is one by itself; all others stand behind what a real line says.
            _, planted, secret = grown(plant, len(lines))
            secrets.append((len(lines), secret))
            lines.append(planted if planted.startswith("  db_password") else f"{line} {planted}")
    streams = np.arange(len(lines), dtype=np.uint32)  # a key that was cut off hides nothing of the next line
    made = Redactor().redact_series(pl.Series(lines), streams).to_list()
    assert len(secrets) == 2000
    assert [made[row] for row, secret in secrets if left_of(secret, made[row])] == []
    assert touched <= 0.002 * 20_000
