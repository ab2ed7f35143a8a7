"""Archives: whole ones, several in one file, broken ones."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable, Iterator

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.sources.files.decompress import PIECE_BYTES, BrokenArchiveError, gunzip, unzstd

Unpack = Callable[[Callable[[int], bytes]], Iterator[bytes]]


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def zstd_streamed(data: bytes) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    half = len(data) // 2
    first = packer.compress(data[:half]) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return first + packer.compress(data[half:]) + packer.flush()


WAYS = [pytest.param(gzip.compress, gunzip, id="gzip"), pytest.param(zstd, unzstd, id="zstd")]
LINES = b"".join(
    b"%d a line of a log with some words in it\n" % random.Random(number).randrange(10**9) for number in range(20_000)
)


def unpacked(unpack: Unpack, data: bytes) -> tuple[bytes, str]:
    """Return all bytes, and why it ended too early."""
    text = b""
    try:
        for piece in unpack(io.BytesIO(data).read):
            text += piece
    except BrokenArchiveError as error:
        return text, str(error)
    return text, ""


@given(st.lists(st.binary(max_size=5000), min_size=1, max_size=5), st.sampled_from([1, 2, 7, 1000]))
def test_any_bytes_come_back_whatever_the_reads(parts: list[bytes], size: int) -> None:
    for pack, unpack in ((gzip.compress, gunzip), (zstd, unzstd), (zstd_streamed, unzstd)):
        source = io.BytesIO(b"".join(map(pack, parts)))
        assert b"".join(unpack(lambda count: source.read(min(count, size)))) == b"".join(parts)  # noqa: B023


@pytest.mark.parametrize(("pack", "unpack"), WAYS)
def test_one_that_is_cut_off_gives_what_there_is(pack: Callable[[bytes], bytes], unpack: Unpack) -> None:
    data = pack(LINES)
    text, why = unpacked(unpack, data[: len(data) * 2 // 3])
    assert why == "it is cut off"
    assert LINES.startswith(text)
    assert len(text) > len(LINES) // 2
    for length in range(1, 12):
        assert unpacked(unpack, data[:length]) == (b"", "it is cut off")
    assert unpacked(unpack, data[:-1]) == (LINES, "it is cut off")


@pytest.mark.parametrize(("pack", "unpack"), WAYS)
def test_one_that_is_damaged_gives_what_is_in_front_of_the_damage(
    pack: Callable[[bytes], bytes], unpack: Unpack
) -> None:
    first, second = LINES[: len(LINES) // 2], LINES[len(LINES) // 2 :]
    packed = pack(second)
    damaged = packed[: len(packed) // 2] + bytes(200) + packed[len(packed) // 2 + 200 :]
    text, why = unpacked(unpack, pack(first) + damaged)
    assert why == "its data is damaged"
    assert text.startswith(first)
    assert len(text) > len(first) + len(second) // 4


@pytest.mark.parametrize(("pack", "unpack"), WAYS)
def test_a_wrong_checksum_is_said_and_nothing_is_kept_back(pack: Callable[[bytes], bytes], unpack: Unpack) -> None:
    data = pack(LINES)
    place = -8 if unpack is gunzip else -4
    wrong = data[:place] + bytes((data[place] ^ 255,)) + (data[place + 1 :] if place + 1 else b"")
    assert unpacked(unpack, wrong) == (LINES, "its data is damaged")


@pytest.mark.parametrize(("pack", "unpack"), WAYS)
def test_bytes_behind_the_end_are_said(pack: Callable[[bytes], bytes], unpack: Unpack) -> None:
    assert unpacked(unpack, pack(LINES) + b"something else") == (LINES, "other bytes follow its end")


def test_zeros_behind_a_gzip_member_are_padding() -> None:
    assert unpacked(gunzip, gzip.compress(b"a\n") + bytes(100_000) + gzip.compress(b"b\n") + bytes(3)) == (
        b"a\nb\n",
        "",
    )


def test_frames_without_content_are_skipped() -> None:
    skipped = b"\x50\x2a\x4d\x18\x05\0\0\0hello"
    assert unpacked(unzstd, skipped + zstd(b"a\n") + skipped + zstd(b"b\n") + skipped) == (b"a\nb\n", "")
    assert unpacked(unzstd, zstd(b"a\n") + skipped[:-1]) == (b"a\n", "it is cut off")


@pytest.mark.parametrize(("pack", "unpack"), WAYS)
def test_what_was_packed_without_bound_is_unpacked_in_pieces(pack: Callable[[bytes], bytes], unpack: Unpack) -> None:
    source = io.BytesIO(pack(bytes(20 << 20)))
    sizes = [len(piece) for piece in unpack(source.read)]
    assert sum(sizes) == 20 << 20
    assert max(sizes) <= PIECE_BYTES + (128 << 10)


def test_a_missing_dictionary_and_a_large_window_are_said() -> None:
    words = zstandard.train_dictionary(10_000, LINES.splitlines(keepends=True))
    data = zstandard.ZstdCompressor(dict_data=words).compress(LINES)
    assert unpacked(unzstd, data)[1] == "it needs the dictionary that it was packed with; use zstdcat -D"
    parameters = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = packer.compress(LINES) + packer.flush()
    assert "zstdcat --long=31" in unpacked(unzstd, data)[1]
