"""An agent at a real browser (Chromium), with a tone for a microphone, and ears for what comes out."""

import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from playwright.async_api import Page, async_playwright

from cordboard.testing.product import Login, Product

MICROPHONE_HERTZ = 880
CALLER_HERTZ = 440
CHROMIUM = "/usr/bin/chromium"

ARGUMENTS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# Every remote audio stream is also led to an analyser, whose strongest frequency the test may ask for.
_EARS = """
(() => {
  const Native = window.RTCPeerConnection;
  window.__streams = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener("track", (event) => window.__streams.push(new MediaStream([event.track])));
    }
  };
  window.__strongest = () => {
    const stream = window.__streams.at(-1);
    if (!stream) return 0;
    if (window.__heard !== stream) {
      window.__heard = stream;
      window.__context ??= new AudioContext();
      window.__analyser = window.__context.createAnalyser();
      window.__analyser.fftSize = 8192;
      window.__context.createMediaStreamSource(stream).connect(window.__analyser);
    }
    const bins = new Float32Array(window.__analyser.frequencyBinCount);
    window.__analyser.getFloatFrequencyData(bins);
    const best = bins.reduce((top, value, index) => (value > bins[top] ? index : top), 0);
    return bins[best] > -70 ? (best * window.__context.sampleRate) / window.__analyser.fftSize : 0;
  };
})();
"""


@asynccontextmanager
async def chromium_desk(
    product: Product, login: Login, folder: Path, *, words: str = "en", seat: str = ""
) -> AsyncIterator[Page]:
    """A logged-in desktop, on `seat` where that is not the first; with the browser softphone where it takes calls."""
    microphone = folder / "microphone.wav"
    write_tone(microphone, MICROPHONE_HERTZ)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, f"--use-file-for-fake-audio-capture={microphone}"]
        )
        context = await browser.new_context(
            viewport={"width": 1440, "height": 900}, permissions=["microphone"], locale=words
        )
        await context.add_init_script(_EARS)
        page = await context.new_page()
        page.set_default_timeout(30_000)
        try:
            await page.goto(product.base_url)
            await page.locator("input[autocomplete=username]").fill(login.login)
            await page.locator("input[type=password]").fill(login.password)
            await page.keyboard.press("Enter")
            if seat:
                await page.locator(
                    f"label:has(input[value={seat}]), input[value={seat}] + label"
                ).first.click()
            await page.get_by_role("button", name="Start" if words == "en" else "Commencer").click()
            yield page
        finally:
            await browser.close()


async def strongest_heard(page: Page) -> float:
    """The strongest frequency in what the agent hears, Hz; 0 for silence."""
    return float(await page.evaluate("window.__strongest()"))


def write_tone(path: Path, hertz: int, seconds: int = 10, rate: int = 48_000) -> None:
    samples = (0.4 * 32_767 * np.sin(2 * np.pi * hertz * np.arange(seconds * rate) / rate)).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())


def strongest_recorded(path: Path) -> float:
    """The strongest frequency of a WAV file, Hz."""
    with wave.open(str(path), "rb") as recorded:
        rate = recorded.getframerate()
        samples = np.frombuffer(recorded.readframes(recorded.getnframes()), dtype="<i2").astype(float)
    assert samples.size > rate // 2, "hardly anything was recorded"
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.fft.rfftfreq(samples.size, 1 / rate)[int(spectrum[5:].argmax()) + 5])
