"""Lines of many builds, drawn from few words so that many of them are alike."""

from __future__ import annotations

from hypothesis import strategies as st

words = st.sampled_from(
    [
        "user",
        "job",
        "to",
        "from",
        "failed",
        "started",
        "alice",
        "bob",
        "carol",
        "dave",
        "erin",
        "for",
        "ok",
        "disk",
        "=",
    ]
)
values = st.one_of(
    st.integers(0, 10**12).map(str),
    st.integers(0, 2**64).map("{:x}".format),
    st.sampled_from(
        [
            "10.0.0.1:80", "/var/log/x", "node-17", "true", "", "512 KB", "1.5s", "(", ")", "()", "a=", "b=7", '"',
            '""',
            "<ok>", "<_>", "[x]", "web-7d9c6b8f5d-x2x9k", "http://x.y/z?a=b", "...", "1, 2, 3", "\\", "`", "\0",
            "\4", "é",
            "x1", "0x1f", "1700000000", "Mon Jan 5 10:00:00", "user='a b'", "-> 503", "^^^^", "{", "}", ":", "%",
        ]
    ),
)  # fmt: skip
heads = st.sampled_from(
    [
        "", "", "2026-01-02T03:04:05.678Z INFO ", "2026-01-02 03:04:05,678 WARN [main] a.b.C: ",
        "Jan  2 03:04:05 host app[7]: ",
        "I0102 03:04:05.678 1 x.go:7] ", "[Fri Jan 02 03:04:05 2026] [error] ", "ERROR: ", "  ", "1700000000 x ",
    ]
)  # fmt: skip
sentences = st.builds(
    lambda head, parts, between: head + between.join(parts),
    heads,
    st.lists(st.one_of(words, words, values), max_size=9),
    st.sampled_from([" ", " ", " ", "  ", ", ", ""]),
)
said = st.builds(
    lambda parts: " ".join(parts).replace("\\", "/").replace('"', "'"), st.lists(st.one_of(words, values), max_size=5)
)
objects = st.builds('{{"ts": "2026-01-02T03:04:05Z", "n": {}, "msg": "{}", "err": "{}"}}'.format, values, said, said)
fields = st.builds('time=2026-01-02T03:04:05Z level=info msg="{}" n=7 err="{}"'.format, said, said)
lines = st.one_of(
    sentences, sentences, sentences, objects, fields, st.text(max_size=30).map(lambda text: text.replace("\n", " "))
)
