"""What is looked for in recordings: the other party's number by any of its digits, notes by words.

Notes are few: triggers keep their words in step with the entities they stand in. Numbers come by
the million: they are indexed after a first load, a stretch at a time so that no edit waits long,
and kept in step from then on. Until that is done a search reads every row instead: slower, and as
right. What is deleted is taken out of the index itself, not only marked (``secure-delete``).
"""

from sqlalchemy import Connection

#: The virtual tables; what SQLite keeps for them has names that begin so.
NUMBERS, WORDS = "recording_text", "note_text"
#: So many rows are indexed in one transaction.
STRETCH = 20_000
_UPTO = "recordings.numbers-upto"

#: The step of ``migrations.py`` that makes all this, and lets the indexes of lists be made anew.
SCHEMA = (
    "CREATE VIRTUAL TABLE recording_text USING fts5(number, tokenize='trigram')",
    "INSERT INTO recording_text(recording_text, rank) VALUES ('secure-delete', 1)",
    """
    CREATE VIRTUAL TABLE note_text USING fts5(
        recording UNINDEXED, words, prefix='2 3', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    "INSERT INTO note_text(note_text, rank) VALUES ('secure-delete', 1)",
    """
    CREATE INDEX said_of_recording ON entity (json_extract(CAST(data AS TEXT), '$.recording_id'))
    WHERE type IN ('note', 'labels', 'evaluation')
    """,
    """
    CREATE VIEW note_words AS
    SELECT id, rowid AS n, json_extract(CAST(data AS TEXT), '$.recording_id') AS recording,
        CASE type
            WHEN 'note' THEN json_extract(CAST(data AS TEXT), '$.text')
            WHEN 'labels' THEN (
                SELECT group_concat(key, ' ') FROM json_each(CAST(data AS TEXT), '$.tags')
                WHERE value
            )
            ELSE json_extract(CAST(data AS TEXT), '$.comment')
        END AS words
    FROM entity
    WHERE type IN ('note', 'labels', 'evaluation')
        AND NOT coalesce(json_extract(CAST(data AS TEXT), '$.removed'), 0)
    """,
    # Before it comes, since REPLACE takes a row away without a word.
    """
    CREATE TRIGGER note_text_replaced BEFORE INSERT ON entity
    WHEN NEW.type IN ('note', 'labels', 'evaluation') BEGIN
        DELETE FROM note_text WHERE rowid = (SELECT rowid FROM entity WHERE id = NEW.id);
    END
    """,
    """
    CREATE TRIGGER note_text_came AFTER INSERT ON entity
    WHEN NEW.type IN ('note', 'labels', 'evaluation') BEGIN
        INSERT INTO note_text(rowid, recording, words)
        SELECT n, recording, words FROM note_words WHERE id = NEW.id;
    END
    """,
    """
    CREATE TRIGGER note_text_changed AFTER UPDATE OF data ON entity
    WHEN NEW.type IN ('note', 'labels', 'evaluation') BEGIN
        DELETE FROM note_text WHERE rowid = OLD.rowid;
        INSERT INTO note_text(rowid, recording, words)
        SELECT n, recording, words FROM note_words WHERE id = NEW.id;
    END
    """,
    """
    CREATE TRIGGER note_text_gone AFTER DELETE ON entity
    WHEN OLD.type IN ('note', 'labels', 'evaluation') BEGIN
        DELETE FROM note_text WHERE rowid = OLD.rowid;
    END
    """,
    """
    INSERT INTO note_text(rowid, recording, words) SELECT n, recording, words FROM note_words
    """,
    "DROP INDEX IF EXISTS recording_by_time",
    "DROP INDEX IF EXISTS recording_by_agent",
    "DROP INDEX IF EXISTS recording_by_queue",
    "DROP INDEX IF EXISTS recording_by_end",
)

#: The other party's number, of a row of ``recording``.
OTHER = "CASE direction WHEN 'in' THEN caller ELSE called END"
#: From when on numbers are kept in step.
_TRIGGERS = {
    "recording_text_came": """
        AFTER INSERT ON recording BEGIN
            INSERT INTO recording_text(rowid, number)
            VALUES (NEW.rowid, CASE NEW.direction WHEN 'in' THEN NEW.caller ELSE NEW.called END);
        END
    """,
    "recording_text_changed": """
        AFTER UPDATE OF direction, caller, called ON recording
        WHEN NEW.direction IS NOT OLD.direction OR NEW.caller IS NOT OLD.caller
            OR NEW.called IS NOT OLD.called
        BEGIN
            DELETE FROM recording_text WHERE rowid = OLD.rowid;
            INSERT INTO recording_text(rowid, number)
            VALUES (NEW.rowid, CASE NEW.direction WHEN 'in' THEN NEW.caller ELSE NEW.called END);
        END
    """,
    "recording_text_gone": """
        AFTER DELETE ON recording BEGIN
            DELETE FROM recording_text WHERE rowid = OLD.rowid;
        END
    """,
}
_LAST = """
    SELECT max(rowid) FROM (SELECT rowid FROM recording WHERE rowid > ? ORDER BY rowid LIMIT ?)
"""
_TAKE = """
    INSERT OR REPLACE INTO recording_text(rowid, number)
    SELECT rowid, CASE direction WHEN 'in' THEN caller ELSE called END FROM recording
    WHERE rowid > ? AND rowid <= ?
"""


def has_numbers(connection: Connection) -> bool:
    """Whether every number is in the index."""
    return _upto(connection) is None


def index_stretch(connection: Connection) -> bool:
    """Index some more numbers; whether that was the last of it."""
    upto = _upto(connection)
    if upto is None:
        return True
    for name, what in _TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
    last = connection.exec_driver_sql(_LAST, (upto, STRETCH)).scalar()
    if last is not None:
        connection.exec_driver_sql(_TAKE, (upto, last))
    _note(connection, "whole" if last is None else str(last))
    return last is None


def forget_numbers(connection: Connection) -> None:
    """The table is empty and about to be filled: that goes without an index."""
    for name in _TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    _note(connection, "0")


def _upto(connection: Connection) -> int | None:
    found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (_UPTO,)).scalar()
    return None if found == "whole" else int(found or 0)


def _note(connection: Connection, upto: str) -> None:
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_UPTO, upto))
