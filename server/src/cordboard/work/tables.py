"""SQL of the list of work and of its saved views.

The list's conditions are put together from the fragments below, only those that are asked for: a plan that is made for all
of them at once finds no index. Values travel as parameters, always.
"""

from cordboard.index.tables import COLUMNS

LIST = f"SELECT {', '.join(COLUMNS)} FROM contact_index"  # noqa: S608  # constants
SOME = "SELECT contact_id FROM contact_index{where} LIMIT {limit}"
ESTIMATE = "EXPLAIN (FORMAT JSON) SELECT FROM contact_index{where}"

OPEN = "state <> 'closed'"
OWN_OR_FOR_HIM = """(agent_id = {agent} OR {agent} = ANY(hands)
    OR (queue_id = ANY({queues}::text[]) AND channel = ANY({channels}::text[]) AND space_id = ANY({spaces}::text[])
        AND needs <@ {skills}::text[]))"""
ENDED = "state = 'closed'"
HIS_OR_OF_HIS_SPACES = (
    """(agent_id = {agent} OR (channel IN ('email', 'chat') AND space_id = ANY({spaces}::text[])))"""
)
CONDITIONS = {
    "channel": "channel = {0}",
    "states": "state = ANY({0}::text[])",
    "queue": "queue_id = {0}",
    "space": "space_id = {0}",
    "entry_point": "entry_point_id = {0}",
    "agent": "agent_id = {0}",
    "tag": "{0} = ANY(tags)",
    "language": "language = {0}",
    "ids": "contact_id = ANY({0}::bigint[])",
    "late": "due_at < {0}",
    "ended_since": "ended_at >= {0}",
}

# COALESCE counts as leaky under row-level security and CASE does not: only so can a page begin within the index.
_DUE = "(CASE WHEN due_at IS NULL THEN 'infinity' ELSE due_at END)"
_LAST_MAIL = "(CASE WHEN last_mail_at IS NULL THEN arrived_at ELSE last_mail_at END)"
SORTS = {
    "due": (f"{_DUE}, contact_id", f"({_DUE}, contact_id) > ({{0}}, {{1}})"),
    "arrival": ("contact_id", "contact_id > {1}"),
    "newest": ("contact_id DESC", "contact_id < {1}"),
    "priority": (
        "priority DESC, contact_id",
        "priority <= {0} AND (priority < {0} OR contact_id > {1})",
    ),
    "last_mail": (
        f"{_LAST_MAIL} DESC, contact_id DESC",
        f"({_LAST_MAIL}, contact_id) < ({{0}}, {{1}})",
    ),
    "ended": ("ended_at DESC, contact_id DESC", "(ended_at, contact_id) < ({0}, {1})"),
}
"""Order → (how it is sorted, what comes after a row). {0} is the row's value, {1} its contact."""
CURSOR_TYPES = {
    "due": "timestamptz",
    "last_mail": "timestamptz",
    "ended": "timestamptz",
    "priority": "integer",
}

VIEW_COLUMNS = "id, person_id, space_id, name, filters::text AS filters, version"
VIEWS = f"""
SELECT {VIEW_COLUMNS} FROM work_view
WHERE (person_id = $1 AND space_id = '') OR ($2::text[] IS NULL AND space_id <> '') OR space_id = ANY($2)
ORDER BY space_id <> '', lower(name), id LIMIT 50
"""  # noqa: S608
FIND_VIEW = f"SELECT {VIEW_COLUMNS} FROM work_view WHERE id = $1 FOR UPDATE"  # noqa: S608
PUT_VIEW = """
INSERT INTO work_view (tenant_id, id, person_id, space_id, name, filters, changed_at)
VALUES (current_setting('app.tenant_id'), $1, $2, $3, $4, $5::text::jsonb, $6)
ON CONFLICT (tenant_id, id) DO UPDATE SET person_id = excluded.person_id, space_id = excluded.space_id,
    name = excluded.name, filters = excluded.filters, changed_at = excluded.changed_at, version = work_view.version + 1
"""
DELETE_VIEW = "DELETE FROM work_view WHERE id = $1"
