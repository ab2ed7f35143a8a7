"""Each rule by itself: what it finds, what it leaves, and what turns back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secrets_made_up import BY_THEIR_LOOK, BY_THEIR_PLACE, PHRASES, QUOTED, WORDS

from hallucino_tui.assistant.redact import RULES, Redactor


@pytest.mark.parametrize("kind", BY_THEIR_LOOK)
@given(data=st.data())
def test_a_secret_is_known_by_its_look(kind: str, data: st.DataObject) -> None:
    secret = data.draw(BY_THEIR_LOOK[kind])
    redactor = Redactor()
    for line, expected in (
        (f"used {secret} for it", f"used <secret:{kind}:1> for it"),
        (secret, f"<secret:{kind}:1>"),
        (f"({secret}),", f"(<secret:{kind}:1>),"),
    ):
        assert redactor.redact(line) == expected
        assert redactor.restore(expected) == line


@pytest.mark.parametrize("place", BY_THEIR_PLACE)
@given(secret=WORDS)
def test_a_secret_is_known_by_its_place(place: str, secret: str) -> None:
    kind, line_with = BY_THEIR_PLACE[place]
    redactor, line = Redactor(), line_with(secret)
    redacted = redactor.redact(line)
    assert secret not in redacted
    assert f"<secret:{kind}:1>" in redacted
    assert redactor.restore(redacted) == line


@pytest.mark.parametrize("place", QUOTED)
@given(secret=PHRASES)
def test_a_quoted_value_with_spaces_goes_as_a_whole(place: str, secret: str) -> None:
    _, line_with = BY_THEIR_PLACE[place]
    redacted = Redactor().redact(line_with(secret))
    assert not any(word in redacted for word in secret.split())


@given(st.text("a\\\"b c'{", min_size=1, max_size=12).map(lambda text: text.replace("\\", "\\\\").replace('"', '\\"')))
def test_escaped_quotes_do_not_end_a_value(inside: str) -> None:
    secret = f"q7{inside}7q"
    assert Redactor().redact(f'{{"password":"{secret}","n":1}}') == '{"password":"<secret:password:1>","n":1}'


@given(st.text("ab1@:%", min_size=3, max_size=12), st.sampled_from(["/orders", "", " next", '"', "?ssl=on"]))
def test_a_password_in_a_url_ends_at_the_last_at_sign(inside: str, behind: str) -> None:
    secret = f"q7{inside}7q"
    assert Redactor().redact(f"postgres://shop:{secret}@db:5432{behind}") == (
        f"postgres://shop:<secret:url-password:1>@db:5432{behind}"
    )


def test_two_urls_keep_their_hosts() -> None:
    line = "redis://:one7@a:1/0,redis://:two7@b:2/0"
    assert Redactor().redact(line) == "redis://:<secret:url-password:1>@a:1/0,redis://:<secret:url-password:2>@b:2/0"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "GET /healthz 200 0.3ms",
        "deploying 4f2a9c1d0b7e6a5f4c3b2a1908f7e6d5c4b3a291 to production",
        "request 6f1c9f6e-5b1f-4a53-9a0c-0d0f4d9a5b11 took 12 ms",
        "password reset was asked for by bob",
        "the token has expired",
        "unexpected end of input, token count 5",
        'secret "db-login" not found',
        "password=",
        'password=""',
        '{"password":null,"token":false,"secret":"<redacted>"}',
        "password: ******** token=xxxx secret=${DB_SECRET} pwd=%PWD%",
        "monkey=banana keyboard: us",
        "https://shop.example:8443/orders?id=7",
        "mailto:bob@shop.example and http://shop.example/@bob",
        "sk-short and AKIA-not-a-key and eyJ.e.y",
        "basic auth is on, bearer tokens are off",
        "-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----",
        "<secret:password:1> stands for a value",
        "password: must not be empty",
        "token: invalid signature in header",
        "Failed password for root from 10.0.0.7 port 22 ssh2",
        "token bucket exhausted, tokens: 4096 of 8192, max_tokens=512 token_count: 7",
        "GITHUB_TOKEN not set, session id 0x34f, sessionid=0x34f",
        "env PWD=/root OLDPWD=/srv",
        'MountVolume.SetUp failed for volume "tls" : secret "db-login" not found, secretName: tls-cert',
        "imagePullSecrets: [regcred], secretKeyRef: db, bearer_token_file: /var/run/token",
        'WWW-Authenticate: Bearer realm="https://auth.example/token",service="registry"',
        "basic authentication failed, bearer certificate is missing",
        "Authorization: required for /admin, --authorization-mode=Node,RBAC",
        "docker-pullable://a-rather-long-image-name-v2@sha256:abcdef",
        "http://shop:8080/a?mail=bob@shop and amqp://mq:5672 and tcp://[::1]:80",
        "option --token is required, --password must follow",
        "tests pass=12 fail=3, bypass=no compass=north",
        "partition_key=7 routing_key=orders api_key_id=4 token_type: mac",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    redactor = Redactor()
    assert redactor.redact(line) == line
    assert redactor.count == 0


@given(WORDS, WORDS)
def test_equal_secrets_get_equal_pseudonyms_wherever_they_stand(one: str, other: str) -> None:
    redactor = Redactor()
    first = redactor.redact(f"password={one}")
    again = redactor.redact(f'{{"token":"{one}"}}')
    assert (first, again) == ("password=<secret:password:1>", '{"token":"<secret:password:1>"}')
    assert ("<secret:password:1>" in redactor.redact(f"pwd: {other}")) is (one == other)
    assert redactor.count == len({one, other})


def test_a_secret_inside_of_a_secret_turns_back_as_a_whole() -> None:
    redactor = Redactor()
    key = "AKI" + "A" + "Q7" * 8
    line = f'password="{key} and more"'
    assert redactor.redact(line) == 'password="<secret:password:1>"'
    assert redactor.restore('password="<secret:password:1>"') == line


def test_a_pseudonym_that_nobody_gave_stays_on_the_screen() -> None:
    redactor = Redactor()
    assert redactor.restore("see <secret:password:9>") == "see <secret:password:9>"
    hostile = 'password="<secret:password:1> <secret:password:1>"'
    redactor.redact(hostile)
    assert "secret" in redactor.restore("<secret:password:1>")


def test_secrets_do_not_show_when_a_redactor_is_printed() -> None:
    redactor = Redactor()
    redactor.redact("password=q7hidden7q")
    assert "q7hidden7q" not in repr(redactor)


def test_every_rule_has_a_gate_that_lets_its_own_matches_through() -> None:
    assert all(gate == gate.lower() for rule in RULES for gate in rule.gates)
    assert {kind for kind, _ in BY_THEIR_PLACE.values()} | set(BY_THEIR_LOOK) | {"private-key"} == {
        rule.kind for rule in RULES
    }
