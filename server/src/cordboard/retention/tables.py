"""SQL of letting go. What is left of an old contact is its row in the list, and its facts for the figures."""

_WORDS_LEFT = "(raw_hash <> '' OR text <> '' OR html <> '')"  # as the index `mail_to_forget` has it

FORGET_MAILS = f"""
WITH old AS (
    SELECT mail.id FROM mail LEFT JOIN contact_index AS c ON c.contact_id = mail.contact_id
    WHERE mail.received_at < $1 AND {_WORDS_LEFT.replace("raw_hash", "mail.raw_hash")}
      AND mail.state IN ('stored', 'sent', 'failed', 'bounced', 'recalled') AND coalesce(c.state, 'closed') = 'closed'
    ORDER BY mail.received_at LIMIT $2
), readings AS (DELETE FROM mail_reading USING old WHERE mail_reading.mail_id = old.id)
UPDATE mail SET text = '', html = '', quoted_text = '', signature_text = '', raw_hash = '', attachments = '[]',
    headers = '{{"protection": "forgotten"}}'
FROM old WHERE mail.id = old.id
"""  # noqa: S608  # constants
DROP_SET_ASIDE = "DELETE FROM mail WHERE state = 'set_aside' AND received_at < $1"
DROP_CHAT_FILES = "DELETE FROM chat_file WHERE added_at < $1"
FORGET_QUESTIONS = "UPDATE answer_use SET question = NULL WHERE question IS NOT NULL AND used_at < $1"
LOST_BLOBS = """
WITH used AS MATERIALIZED (
    SELECT raw_hash AS hash FROM mail WHERE raw_hash <> ''
    UNION SELECT part ->> 'hash' FROM mail, jsonb_array_elements(mail.attachments) AS part
    UNION SELECT hash FROM mail_reading
    UNION SELECT hash FROM chat_file
    UNION SELECT part ->> 'hash' FROM answer, jsonb_array_elements(answer.attachments) AS part
)
SELECT blob.hash FROM blob
WHERE blob.stored_at < $1 AND NOT EXISTS (SELECT FROM used WHERE used.hash = blob.hash)
  AND NOT EXISTS (SELECT FROM mail_draft AS d WHERE position(blob.hash IN d.body::text) > 0)
  AND NOT EXISTS (SELECT FROM new_mail_draft AS d WHERE position(blob.hash IN d.body::text) > 0)
  AND NOT EXISTS (SELECT FROM answer_text AS t WHERE position(blob.hash IN t.html) > 0)
  AND NOT EXISTS (SELECT FROM config_version AS v WHERE position(blob.hash IN v.document) > 0)
ORDER BY blob.stored_at LIMIT $2
"""
ANY_OLD_BLOB = "SELECT EXISTS (SELECT FROM blob WHERE stored_at < $1)"
DROP_BLOBS = "DELETE FROM blob WHERE hash = ANY($1::text[]) AND stored_at < $2 RETURNING hash"
ERASE = (
    "DELETE FROM mail_reading USING mail WHERE mail.id = mail_reading.mail_id AND mail.contact_id = ANY($1::bigint[])",
    "UPDATE mail SET text = '', html = '', quoted_text = '', signature_text = '', raw_hash = '', attachments = '[]', "
    "headers = '{\"protection\": \"forgotten\"}', sender = '', sender_name = '', recipients = '[]', subject = '', subject_key = '' "
    "WHERE contact_id = ANY($1::bigint[])",
    "DELETE FROM mail_draft WHERE contact_id = ANY($1::bigint[])",
    "DELETE FROM chat_file WHERE contact_id = ANY($1::bigint[])",
    "UPDATE answer_use SET question = NULL WHERE contact_id = ANY($1::bigint[])",
)
"""What was said in these contacts, wherever it lies beside their facts."""
