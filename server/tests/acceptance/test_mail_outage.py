"""A new mail from its draft to its arrival, a bounce, a server that is tried; and the whole product killed with mails under way."""

import asyncio
import imaplib
import itertools
import re
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
from playwright.async_api import Browser, Page, expect

from cordboard.testing.product import Product, free_port_base
from tests.acceptance.test_mail_desk import SAVED, SHOP, TEXT, browser, call, mail_desk, mailbox_of

__all__ = ["browser"]
pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of this module's own: it is killed."""
    product = Product(tmp_path_factory.mktemp("killed") / "data", free_port_base())
    product.start()
    yield product
    product.stop()


def kill_all(product: Product) -> int:
    """Every process of it at once, as when the power goes; how many there were."""
    running = product._running
    assert running is not None
    parts = [part for part, path in product.endpoints["parts"].items() if Path(path).exists()]
    roots = [running.pid, *(product.pid(part) for part in parts)]
    processes: dict[int, psutil.Process] = {}
    for pid in roots:
        try:
            one = psutil.Process(pid)
            processes |= {each.pid: each for each in (one, *one.children(recursive=True))}
        except psutil.NoSuchProcess:
            continue
    for one in processes.values():
        one.suspend()
    for one in processes.values():
        one.kill()
    running.wait(20)
    psutil.wait_procs(list(processes.values()), timeout=20)
    (product.folder / "endpoints.json").unlink(missing_ok=True)
    return len(processes)


async def eventually(product: Product, address: str, subject: str, seconds: float = 60) -> list[bytes]:
    """The mails of that subject in somebody's mailbox, once there is one."""
    found: list[bytes] = []
    for _ in range(int(seconds * 4)):
        found = [mail for mail in mailbox_of(product, address) if subject.encode() in mail]
        if found:
            return found
        await asyncio.sleep(0.25)
    raise AssertionError(f"{subject} never came to {address}")


def sent_copies(product: Product, subject: str) -> int:
    with imaplib.IMAP4("127.0.0.1", product.settings.demo_imap_port, timeout=20) as imap:
        imap.login(SHOP, "demo")
        if imap.select("Sent", readonly=True)[0] != "OK":
            return 0
        return len(imap.search(None, "SUBJECT", f'"{subject}"')[1][0].split())


async def test_a_new_mail_from_draft_to_arrival(browser: Browser, own: Product) -> None:
    async with mail_desk(browser, own, "grace") as page:
        await page.get_by_role("button", name="New mail").wait_for()
        await page.keyboard.press("Shift+N")
        await expect(page.get_by_role("textbox", name="To")).to_be_focused()
        await page.keyboard.type("ines@outside.example,")
        await page.get_by_role("textbox", name="Subject").fill("Your lamp is ready")
        await page.locator(TEXT).click()
        await page.keyboard.press("Control+Home")
        await page.keyboard.type("Good day, it waits for you.")
        await expect(page.locator("output").filter(has_text=SAVED)).to_be_visible()
        await page.reload()
        drafts = page.get_by_role("region", name="Drafts of new mails")
        await drafts.get_by_role("button", name=re.compile("Your lamp is ready")).click()
        await expect(page.locator(TEXT)).to_contain_text("it waits for you")
        await expect(page.locator(TEXT)).to_contain_text("Maison Lanterne")
        await page.locator(TEXT).click()
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("status").filter(has_text="Sent to")).to_be_visible()
        await expect(drafts).to_be_hidden()
        assert len(await eventually(own, "ines@outside.example", "Your lamp is ready")) == 1
        for _ in range(80):
            if sent_copies(own, "Your lamp is ready"):
                break
            await asyncio.sleep(0.25)
        assert sent_copies(own, "Your lamp is ready") == 1


async def _new_mail(page: Page, to: str, subject: str, key: str) -> dict[str, Any]:
    inbox = (await call(page, "GET", "/desktop"))["outgoing_mail"]
    shop = next(each["inbox_id"] for each in inbox if each["address"] == SHOP)
    body = {"inbox_id": shop, "to": [to], "subject": subject, "text": "Hello", "key": key}
    answer: dict[str, Any] = await call(page, "POST", "/mail", body)
    return answer


async def test_a_bounce_is_work_again_on_the_screen(browser: Browser, own: Product) -> None:
    async with mail_desk(browser, own, "grace") as page:
        sent = await _new_mail(page, "nobody@outside.example", "Never delivered", "bounce-key-0")
        thread: dict[str, Any] = {}
        for _ in range(240):
            work = await call(page, "GET", "/work?channel=email&q=Never")
            again = [each["contact_id"] for each in work["items"] if each["contact_id"] != sent["contact_id"]]
            if again:
                thread = await call(page, "GET", f"/contacts/{again[0]}/thread")
                break
            await asyncio.sleep(0.25)
        states = {mail["id"]: mail["state"] for mail in thread["mails"]}
        assert states[sent["mail_id"]] == "bounced"
        await page.goto(f"{own.base_url}/mail?contact={thread['contact']['contact_id']}")
        await expect(page.get_by_text("no such address", exact=False).first).to_be_visible()


async def test_a_server_is_tried_on_the_screen(browser: Browser, own: Product) -> None:
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    login = own.login("alice")
    await page.goto(own.base_url)
    await call(page, "POST", "/sessions", {"login": login.login, "password": login.password})
    answer = await call(
        page,
        "POST",
        "/inboxes/test",
        {
            "receive": {
                "protocol": "imap",
                "host": "demo-mail",
                "security": "none",
                "user": SHOP,
                "secret": "demo",
            }
        },
    )
    assert [step["ok"] for step in answer["steps"]] == [True] * 4, answer
    await page.goto(f"{own.base_url}/mail?tab=inboxes")
    form = page.get_by_role("region", name="Try a server")
    await form.get_by_role("textbox", name="Server").fill("127.0.0.1")
    await form.get_by_role("textbox", name="Port").fill("5432")
    await page.keyboard.press("Enter")
    await expect(form.get_by_text("its network is not allowed", exact=False)).to_be_visible()
    await context.close()


async def _write_on(product: Product, numbers: "itertools.count[int]", taken: list[int]) -> None:
    """People write to the shop, one after another; whose mail was taken is noted."""
    while True:
        number = next(numbers)
        message = EmailMessage()
        message["From"], message["To"] = f"writer{number}@outside.example", SHOP
        message["Subject"], message["Message-ID"] = f"Incoming{number}x", f"<in{number}@outside.example>"
        message.set_content("What is the matter?")
        port = product.settings.demo_smtp_port

        def bring(message: EmailMessage = message, port: int = port) -> None:
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
                smtp.send_message(message)

        try:
            await asyncio.to_thread(bring)
        except (OSError, smtplib.SMTPException):
            await asyncio.sleep(0.2)  # whether it was taken is not known: not asked about later
        else:
            taken.append(number)
            await asyncio.sleep(0.8)  # each is acknowledged, and an inbox sends 60 in a minute


async def _send_on(product: Product, http: httpx2.AsyncClient, inbox_id: str, sent: dict[int, int]) -> None:
    """An agent sends new mails; one whose answer does not come is sent again as the same."""
    for number in range(40):
        body = {
            "inbox_id": inbox_id,
            "to": [f"reader{number}@outside.example"],
            "subject": f"Outgoing{number}x",
            "text": "It is on its way.",
            "key": f"outgoing-key-{number}",
        }
        while number not in sent:
            try:
                answer = await http.post("/mail", json=body, timeout=10)
                if answer.status_code == 201:
                    sent[number] = answer.json()["mail_id"]
                    break
            except httpx2.HTTPError:
                pass
            await asyncio.sleep(0.3)
        await asyncio.sleep(0.25)


async def _desk_of(product: Product, who: str) -> httpx2.AsyncClient:
    http = httpx2.AsyncClient(
        base_url=f"{product.base_url}/api/v1", headers={"Origin": product.base_url}, timeout=20
    )
    login = product.login(who)
    await http.post("/sessions", json={"login": login.login, "password": login.password})
    phone = {"kind": "number", "address": "+33612345699"}
    await http.post("/desktop/seat", json={"seat": "multimedia", "phone": phone})
    return http


async def test_the_whole_product_is_killed_and_no_mail_is_lost_or_doubled(own: Product) -> None:
    http = await _desk_of(own, "emma")
    offered = (await http.get("/desktop")).json()["outgoing_mail"]
    inbox_id = next(each["inbox_id"] for each in offered if each["address"] == SHOP)
    taken: list[int] = []
    sent: dict[int, int] = {}
    writing = asyncio.create_task(_write_on(own, itertools.count(), taken))
    sending = asyncio.create_task(_send_on(own, http, inbox_id, sent))
    for life in range(2):
        await asyncio.sleep(
            9 + 6 * life
        )  # long enough that some have left, some wait, some can still be taken back
        killed = await asyncio.to_thread(kill_all, own)
        assert killed >= 8, "server, mail, PostgreSQL, Asterisk, Dovecot and theirs"
        await asyncio.to_thread(own.start)
    await asyncio.sleep(2)
    writing.cancel()
    await sending
    assert len(sent) == 40
    arrived: dict[int, int] = {}
    for number in range(40):
        found = await eventually(own, f"reader{number}@outside.example", f"Outgoing{number}x", 180)
        arrived[number] = len(found)
    assert set(arrived.values()) == {1}, {number: count for number, count in arrived.items() if count != 1}
    await _all_are_there_once(http, taken)
    await http.aclose()


async def _all_are_there_once(http: httpx2.AsyncClient, taken: list[int]) -> None:
    assert len(taken) > 12
    counts: dict[int, int] = {}
    for _ in range(120):
        counts = {}
        cursor: str | None = ""
        while cursor is not None:
            page = (
                await http.get("/work", params={"channel": "email", "limit": 200, "cursor": cursor})
            ).json()
            for item in page["items"]:
                named = re.fullmatch(r"Incoming(\d+)x", item["subject"])
                if named:
                    counts[int(named[1])] = counts.get(int(named[1]), 0) + 1
            cursor = page["next"]
        if set(taken) <= set(counts):
            break
        await asyncio.sleep(0.5)
    assert set(taken) - set(counts) == set()
    assert [number for number, count in counts.items() if count > 1] == []
