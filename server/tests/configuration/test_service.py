"""Plan, apply, export, roll back on a real PostgreSQL."""

import asyncio
import json
from pathlib import Path

import pytest

from cordboard import demo
from cordboard.configuration.changes import ChangeKind
from cordboard.configuration.compiled import read_text
from cordboard.configuration.errors import NothingPublished, VersionConflict, VersionNotFound
from cordboard.configuration.nodes import DocumentWrong
from cordboard.core.words import Channel
from tests.configuration.conftest import Centre
from tests.configuration.documents import SMALL, changed


async def test_the_first_apply_makes_the_customer_its_numbers_and_its_logins(centre: Centre) -> None:
    applied = await centre.configuration.apply("small", SMALL, 0, "first", "ada")

    assert applied.version == 1
    assert set(applied.new_logins) == {"ada", "amelie"}
    assert await centre.rows("small", "SELECT name FROM tenant") == [{"name": "Small"}]
    numbers = await centre.rows("small", "SELECT number, tenant_id, entry_point_id FROM entry_point_number")
    assert numbers == [{"number": "+33199001111", "tenant_id": "small", "entry_point_id": "main"}]
    people = await centre.rows("small", "SELECT id, agent_id, roles FROM person ORDER BY id")
    assert people == [
        {"id": "ada", "agent_id": None, "roles": ["administrator"]},
        {"id": "amelie", "agent_id": "amelie", "roles": ["agent"]},
    ]
    ((tenant_id, config),) = centre.live.published
    assert (tenant_id, config.version, config.name) == ("small", 1, "Small")


async def test_what_is_exported_and_applied_again_changes_nothing(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")
    exported = await centre.configuration.current("small")

    assert exported.document == SMALL
    plan = await centre.configuration.plan("small", exported.document)
    again = await centre.configuration.apply("small", exported.document, 1, "", "ada")

    assert plan.changes == ()
    assert again.version == 1
    assert len(centre.live.published) == 1
    assert [row.version for row in await centre.configuration.versions("small")] == [1]


async def test_a_file_with_one_field_changes_that_field_and_keeps_every_comment(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")

    applied = await centre.configuration.apply("small", "queues: {sales: {ring: 15s}}", 1, "", "ada")

    sentences = [change.sentence for change in applied.plan.changes if change.kind is not ChangeKind.KEEP]
    assert sentences == ["Queue sales: ring time 20 s → 15 s"]
    document = (await centre.configuration.current("small")).document
    assert document == changed(SMALL, ("ring: 20s", "ring: 15s"))


async def test_absent_is_not_delete_and_the_plan_says_so(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")

    plan = await centre.configuration.plan("small", "queues: {sales: {ring: 15s}}")

    keeps = [change.sentence for change in plan.changes if change.kind is ChangeKind.KEEP]
    assert any("In queues" in sentence and "support" in sentence for sentence in keeps)
    assert any("agents" in sentence and "scripts" in sentence for sentence in keeps)
    assert plan.published is not None
    assert set(plan.published.config.queues) == {"sales", "support"}


async def test_removing_is_said_with_null_and_refused_while_something_uses_it(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")

    plan = await centre.configuration.plan("small", "queues:\n  sales: {ring: 15s}\n  support: null\n")
    (problem,) = plan.errors
    assert (problem.line, problem.column, problem.path) == (3, 3, "queues.support")
    assert "scripts.main.steps.support.queue uses it" in problem.message

    without = """
queues: {support: null}
scripts:
  main:
    steps:
      hours: {hours: office, open: sales, closed: shut}
      sales: {queue: sales}
      shut: {hang_up: shut}
"""
    applied = await centre.configuration.apply("small", without, 1, "", "ada")
    sentences = [change.sentence for change in applied.plan.changes if change.kind is not ChangeKind.KEEP]
    assert "Queue support (Support): removed" in sentences
    assert "Script main: step menu (menu hello) removed" in sentences
    assert "Script main: step hours, open menu → sales" in sentences
    assert applied.plan.published is not None
    assert set(applied.plan.published.config.queues) == {"sales"}
    again = await centre.configuration.apply("small", without, 2, "", "ada")
    assert again.version == 2


async def test_a_version_that_somebody_else_has_published_meanwhile_is_not_overwritten(
    centre: Centre,
) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")
    await centre.configuration.apply("small", "seats: {voice: 3}", 1, "", "ada")

    with pytest.raises(VersionConflict):
        await centre.configuration.apply("small", "seats: {voice: 4}", 1, "", "ada")


async def test_of_two_at_once_one_is_told_to_plan_again(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")

    outcomes = await asyncio.gather(
        centre.configuration.apply("small", "seats: {voice: 3}", 1, "", "ada"),
        centre.configuration.apply("small", "seats: {voice: 4}", 1, "", "ada"),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 1
    assert [row.version for row in await centre.configuration.versions("small")] == [2, 1]


async def test_rolling_back_publishes_the_old_document_as_a_new_version(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")
    await centre.configuration.apply("small", "queues: {extra: {name: Extra, space: shop}}", 1, "", "ada")

    applied = await centre.configuration.rollback("small", 1, "", "ada")

    assert applied.version == 3
    assert (await centre.configuration.current("small")).document == SMALL
    assert "extra" not in centre.live.published[-1][1].queues
    assert (await centre.configuration.versions("small"))[0].note == "Back to version 1"
    with pytest.raises(VersionNotFound):
        await centre.configuration.rollback("small", 99, "", "ada")


async def test_a_login_that_is_taken_away_no_longer_opens_anything_and_comes_back(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")

    await centre.configuration.apply("small", "agents: {amelie: null}", 1, "", "ada")
    disabled = await centre.rows("small", "SELECT login FROM login WHERE disabled_at IS NOT NULL")
    applied = await centre.configuration.rollback("small", 1, "", "ada")

    assert disabled == [{"login": "amelie"}]
    assert applied.new_logins == {}
    assert await centre.rows("small", "SELECT login FROM login WHERE disabled_at IS NOT NULL") == []


async def test_numbers_and_logins_of_another_customer_are_refused_at_their_line(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")

    other = changed(SMALL, ("key: small", "key: other"), ("  ada:", "  eve:"))
    plan = await centre.configuration.plan("other", other)

    lines = other.splitlines()
    found = {(problem.path, lines[problem.line - 1].split(":")[0].strip()) for problem in plan.errors}
    assert found == {("agents.amelie", "amelie"), ("numbers.main", "main")}
    with pytest.raises(DocumentWrong):
        await centre.configuration.apply("other", other, 0, "", "eve")
    with pytest.raises(NothingPublished):
        await centre.configuration.current("other")


async def test_the_key_of_a_customer_can_not_change(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")
    plan = await centre.configuration.plan("small", "customer: {key: tiny}")
    assert [(problem.line, problem.path) for problem in plan.errors] == [(1, "customer.key")]


async def test_a_server_takes_up_what_was_applied_without_it(centre: Centre) -> None:
    await centre.configuration.apply("small", SMALL, 0, "", "ada")

    config = await centre.configuration.newer("small", 0)

    assert config is not None
    assert config == centre.live.published[0][1]
    assert await centre.configuration.newer("small", 1) is None


async def test_the_demo_centre_is_loaded_once(centre: Centre, tmp_path: Path) -> None:
    file = tmp_path / "logins.json"

    assert await demo.seed(centre.configuration, file)
    logins = json.loads(file.read_text())
    assert not await demo.seed(centre.configuration, file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text()) == logins
    assert {"login", "password", "who"} == set(logins[0])
    # Compared with the document itself: numbers written down here fail whenever the demo centre grows.
    document = read_text(demo.document(), 1)
    assert {each["login"] for each in logins} == {name for who in document.logins for name in who.logins}
    config = centre.live.published[0][1]
    assert config == document.config
    assert {queue.channel for queue in config.queues.values()} == {Channel.VOICE, Channel.EMAIL, Channel.CHAT}
    assert config.spaces and config.locations and config.agents and config.chat_buttons and config.inboxes
    assert [row.version for row in await centre.configuration.versions("demo")] == [1]
