"""A year of written contacts for the benches of search and list: bilingual texts, made of few sentences and many names."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import psycopg

TENANT, LIST_TENANT, OTHER_TENANT = "bench", "open-mails", "other"
SPACES, QUEUES, AGENTS = ("shop", "bank", "care"), 12, 200

_FRENCH = """
bonjour commande livraison colis facture remboursement retard adresse compte client produit taille couleur échange
retour magasin paiement carte virement réduction garantie réparation pièce abonnement contrat résiliation téléphone
numéro merci attente réponse problème erreur qualité cassé manquant reçu expédié suivi transporteur domicile semaine
décembre événement cadeau tissu chaussure manteau écharpe lampe chaise bureau étagère vitesse connexion réseau facile
"""
_ENGLISH = """
hello order delivery parcel invoice refund delay address account customer product size colour exchange return store
payment card transfer discount warranty repair spare subscription contract cancel telephone number thanks waiting
answer problem error quality broken missing received shipped tracking carrier home week december event gift fabric
shoe coat scarf lamp chair desk shelf speed connection network easy password update manual battery charger
"""
_NAMES = """
Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia David
Bertrand Roux Vincent Fournier Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White
Hughes
"""

COLUMNS = (
    "tenant_id, contact_id, seq, channel, direction, state, space_id, queue_id, agent_id, answered_by, entry_point_id, remote,"
    " remote_name, address, reference, subject, arrived_at, waiting_since, priority, needs, tags, language, thread_id, due_at,"
    " first_answer_at, ended_at, mails, last_mail_at, closing_reason_id, note, agent_ids, hands, answered, transferred, waited,"
    " talked, held, lasted, reached, cause"
)


def sentences(chance: random.Random, words: list[str], many: int) -> list[str]:
    """Of eight words, the common ones first: the word number n comes up about 1/n as often as the first."""
    weights = [1 / (place + 1) for place in range(len(words))]
    return [" ".join(chance.choices(words, weights, k=8)) for _ in range(many)]


class Archive:
    """`contacts` of one tenant over the year before `now`, oldest first; the same for the same number."""

    def __init__(self, contacts: int, now: datetime) -> None:
        self.contacts = contacts
        self.now = now
        self._chance = random.Random(4711)
        self._texts = {
            "fr": sentences(self._chance, _FRENCH.split(), 20_000),
            "en": sentences(self._chance, _ENGLISH.split(), 20_000),
        }
        self._names = _NAMES.split()
        self.sample: list[tuple[int, str, str]] = []  # some contacts: id, number, address

    def rows(self) -> Iterator[tuple[str, str]]:
        """For each contact its line of the list and the lines of its texts, as COPY reads them."""
        step = timedelta(days=365) / self.contacts
        begin = self.now - timedelta(days=365)
        for contact_id in range(1, self.contacts + 1):
            yield self._contact(contact_id, (begin + step * contact_id).isoformat())

    def _contact(self, contact_id: int, at: str) -> tuple[str, str]:
        chance = self._chance.random
        language = "fr" if contact_id % 2 else "en"
        texts = self._texts[language]
        name = " ".join(self._names[int(chance() * len(self._names))] for _ in range(2))
        number = f"+336{int(chance() * 10**8):08d}"
        mail = f"{name.split(maxsplit=1)[0].lower()}{contact_id}@example.org"
        if contact_id % 997 == 0:
            self.sample.append((contact_id, number, mail))
        agent = f"agent-{int(chance() * AGENTS)}"
        queue, space = f"queue-{contact_id % QUEUES}", SPACES[contact_id % len(SPACES)]
        first, second, third = (texts[int(chance() * 20_000)] for _ in range(3))
        subject = first[:40]
        row = [
            TENANT, contact_id, contact_id, "email", "inbound", "closed", space, queue, agent, agent, "inbox", mail, name, "", "",
            subject, at, r"\N", 0, "{}", "{}", language, 0, r"\N", at, at, 1, at, "solved", "", f"{{{agent}}}", "{}", "t", "f",
            1.5, 60, 0, 90, "", "closed",
        ]  # fmt: skip
        digits = number[1:]
        head = f"{{=i:{contact_id},#{digits},~{digits[::-1][:9]},#{digits[2:]},=a:{mail}}}"
        body = f"{second} {third}. Dossier {contact_id * 7}."
        lines = (
            f"{TENANT}\t{contact_id}\tsubject\tarrival\t{at}\t{language}\t{name} · {mail} · {subject}\t{head}\n"
            f"{TENANT}\t{contact_id}\tmail\t1\t{at}\t{language}\t{body}\t{{}}\n"
        )
        return "\t".join(map(str, row)) + "\n", lines


def load(superuser_dsn: str, archive: Archive) -> None:
    """COPY of all rows, the vectors made from them on two connections, then the index over them."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        connection.execute("DROP INDEX contact_words_gin")
        with (
            psycopg.connect(superuser_dsn) as texts,
            connection.cursor().copy(f"COPY contact_index ({COLUMNS}) FROM STDIN") as list_copy,
            texts.cursor().copy(
                "COPY contact_text (tenant_id, contact_id, source, key, at, language, text, terms) FROM STDIN"
            ) as text_copy,
        ):
            for row, lines in archive.rows():
                list_copy.write(row)
                text_copy.write(lines)
        connection.execute(
            "INSERT INTO contact_of_agent SELECT tenant_id, agent_id, contact_id FROM contact_index WHERE agent_id <> ''"
        )
    _vectors(superuser_dsn, archive.contacts)
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(
            "CREATE INDEX contact_words_gin ON contact_words USING gin (words) WITH (gin_pending_list_limit = 1024)"
        )
        connection.execute("VACUUM (ANALYZE) contact_words, contact_index, contact_text, contact_of_agent")


VECTORS = """
INSERT INTO contact_words (tenant_id, contact_id, arrived_at, words)
SELECT i.tenant_id, i.contact_id, i.arrived_at,
    array_to_tsvector(ARRAY['=t:' || i.tenant_id, search_slice(i.tenant_id, search_week(i.arrived_at)), '=q:' || i.queue_id] || s.terms)
    || search_vector(s.language, s.text, 'A') || search_vector(m.language, m.text, 'D')
FROM contact_index AS i
JOIN contact_text AS s ON s.tenant_id = i.tenant_id AND s.contact_id = i.contact_id AND s.source = 'subject' AND s.key = 'arrival'
JOIN contact_text AS m ON m.tenant_id = i.tenant_id AND m.contact_id = i.contact_id AND m.source = 'mail' AND m.key = '1'
WHERE i.tenant_id = %s AND i.contact_id >= %s AND i.contact_id < %s
"""


def _vectors(dsn: str, contacts: int) -> None:
    """In the order of time, as they would have come: two halves of each twentieth at once."""
    edges = [contacts * part // 20 + 1 for part in range(21)]
    with (
        psycopg.connect(dsn, autocommit=True) as one,
        psycopg.connect(dsn, autocommit=True) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        for begin, end in pairwise(edges):
            middle = (begin + end) // 2
            halves = ((one, begin, middle), (other, middle, end))
            list(pool.map(lambda half: half[0].execute(VECTORS, (TENANT, half[1], half[2])), halves))


OPEN_MAILS = """
INSERT INTO contact_index (tenant_id, contact_id, seq, channel, direction, state, space_id, queue_id, agent_id, answered_by,
    entry_point_id, remote, remote_name, address, reference, subject, arrived_at, priority, needs, tags, language, thread_id,
    due_at, mails, last_mail_at, closing_reason_id, note, agent_ids, hands, answered, transferred, reached, cause)
SELECT %(tenant)s, n, n, 'email', 'inbound', (ARRAY['waiting', 'waiting', 'waiting', 'parked', 'in_contact'])[1 + n %% 5],
    (ARRAY['shop', 'bank', 'care'])[1 + n %% 3], 'queue-' || n %% 12, CASE WHEN n %% 5 = 4 THEN 'agent-' || n %% 200 ELSE '' END, '',
    'inbox', 'person' || n || '@example.org', 'Person ' || n, '', '', 'Subject ' || n, %(now)s - n * interval '1 minute', n %% 10,
    CASE WHEN n %% 4 = 0 THEN '{german:2}'::text[] ELSE '{french:2}' END, CASE WHEN n %% 50 = 0 THEN '{vip}'::text[] ELSE '{}' END,
    CASE WHEN n %% 2 = 0 THEN 'fr' ELSE 'en' END, n,
    CASE WHEN n %% 3 > 0 THEN %(now)s + (n::bigint * 7919 %% 100000 - 50000) * interval '1 minute' END,
    1,
    %(now)s - (n::bigint * 104729 %% 100000) * interval '1 minute', '', '', '{}', '{}', false, false, '', ''
FROM generate_series(1, %(many)s) AS n
"""


# As many that are closed, every five minutes one, in another order than they came.
CLOSED_MAILS = """
INSERT INTO contact_index
SELECT (jsonb_populate_record(c, jsonb_build_object(
    'contact_id', contact_id + %(many)s, 'state', 'closed', 'agent_id', 'agent-' || contact_id %% 200,
    'agent_ids', ARRAY['agent-' || contact_id %% 200], 'closing_reason_id', 'solved',
    'ended_at', %(now)s - (contact_id * 104729 %% %(many)s) * interval '5 minutes'))).*
FROM contact_index AS c WHERE tenant_id = %(tenant)s
"""


def load_open_mails(superuser_dsn: str, many: int, now: datetime) -> None:
    """And as many closed ones."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        asked = {"tenant": LIST_TENANT, "many": many, "now": now}
        connection.execute(OPEN_MAILS, asked)
        connection.execute(CLOSED_MAILS, asked)
        connection.execute("VACUUM (ANALYZE) contact_index")
