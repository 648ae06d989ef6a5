"""Texts in PDFs and pictures, by the real PDFium and Tesseract, in their own process."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cordboard.knowledge.ocr import worker
from cordboard.knowledge.ocr.process import ReadingProcess
from cordboard.knowledge.ocr.reading import ReadState, ReadText, can_be_read
from tests.knowledge.documents import kept, pdf, png, scan

LETTER = ("Invoice number 4711", "Please call us back on Monday morning.", "The washing machine is broken.")
LETTRE = ("Facture numéro 4711", "Où est passée ma commande de février ?", "Le lave-vaisselle est cassé.")


@pytest.fixture
async def reader() -> AsyncIterator[ReadingProcess]:
    reader = ReadingProcess(seconds=60)
    yield reader
    await reader.stop()


async def test_a_pdf_gives_its_own_text_without_a_picture(
    reader: ReadingProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # so there is no Tesseract
    found = await reader.read(kept(tmp_path, "a", pdf(*LETTRE)), "application/pdf", ["fr"])
    assert found == ReadText(ReadState.READ, "\n".join(LETTRE))


@pytest.mark.parametrize(("lines", "language"), [(LETTER, "en"), (LETTRE, "fr")])
async def test_a_scan_and_a_picture_are_read(
    reader: ReadingProcess, tmp_path: Path, lines: tuple[str, ...], language: str
) -> None:
    for name, media_type, data in (("a", "application/pdf", scan(*lines)), ("b", "image/png", png(*lines))):
        found = await reader.read(kept(tmp_path, name, data), media_type, [language, "en"])
        assert found.state is ReadState.READ
        assert found.text.split() == " ".join(lines).split()


async def test_an_empty_page_has_nothing(reader: ReadingProcess, tmp_path: Path) -> None:
    assert await reader.read(kept(tmp_path, "a", pdf()), "application/pdf", ["en"]) == ReadText(
        ReadState.NOTHING
    )


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png"])
async def test_a_broken_file_is_unreadable_and_the_next_is_read(
    reader: ReadingProcess, tmp_path: Path, media_type: str
) -> None:
    broken = await reader.read(kept(tmp_path, "a", b"%PDF-1.4 broken" * 300), media_type, ["en"])
    assert broken.state is ReadState.UNREADABLE
    found = await reader.read(kept(tmp_path, "b", pdf(*LETTER)), "application/pdf", ["en"])
    assert found.state is ReadState.READ


async def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    pipe = tmp_path / "never"
    os.mkfifo(pipe)  # reading it does not end
    reader = ReadingProcess(seconds=3)
    assert (await reader.read(pipe, "image/png", ["en"])).state is ReadState.TOO_LONG
    assert not reader.is_running
    assert (
        await reader.read(kept(tmp_path, "b", pdf(*LETTER)), "application/pdf", ["en"])
    ).state is ReadState.READ
    await reader.stop()


async def test_a_process_that_dies_is_replaced(reader: ReadingProcess, tmp_path: Path) -> None:
    path = kept(tmp_path, "a", pdf(*LETTER))
    await reader.read(path, "application/pdf", ["en"])
    assert reader._process is not None
    os.kill(reader._process.pid, signal.SIGKILL)
    await reader._process.wait()
    assert (await reader.read(path, "application/pdf", ["en"])).state is ReadState.READ


async def test_an_idle_process_ends(tmp_path: Path) -> None:
    reader = ReadingProcess(idle_seconds=0.01)
    await reader.read(kept(tmp_path, "a", pdf(*LETTER)), "application/pdf", ["en"])
    process = reader._process
    assert process is not None
    assert await asyncio.wait_for(process.wait(), 30) == 0
    assert not reader.is_running
    await reader.stop()


async def test_many_ask_at_once_and_each_gets_its_own(reader: ReadingProcess, tmp_path: Path) -> None:
    paths = [kept(tmp_path, f"{number}", pdf(f"Letter number {number}.")) for number in range(8)]
    found = await asyncio.gather(*(reader.read(path, "application/pdf", ["en"]) for path in paths))
    assert [one.text for one in found] == [f"Letter number {number}." for number in range(8)]


def test_without_tesseract_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = worker.read(kept(tmp_path, "a", png(*LETTER)), "image/png", ["en"])
    assert found.state is ReadState.ABSENT
    assert "apt-get install" in found.detail


def test_only_pictures_and_pdfs_of_a_reasonable_size_are_read() -> None:
    assert can_be_read("application/pdf", 900)
    assert can_be_read("image/jpeg", 90_000)
    assert not can_be_read("image/png", 900)
    assert not can_be_read("image/svg+xml", 90_000)
    assert not can_be_read("application/pdf", 90_000_000)
