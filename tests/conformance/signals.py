"""signals: what messages mean: connection messages by class, and pganalyze's classes of PostgreSQL messages.

A positive is right when a record of it has a signal of its class. (What a client echoes has the class of the server's message: one
that quotes max_wal_senders is db.walsenders, although it was collected among the echoes of db.max_connections.) A near miss is right when no record has a connection signal
(CONNECTION_SIGNALS). Of PostgreSQL's messages those are compared whose class has a counterpart among our signals (COUNTERPARTS: the
class, and when our signal has several, ours): the others are counted as not compared. The query text is compared, too.
Of joined lines, each expected record must be one of ours, in order; those joined by a rule that the test gave are not compared.
"""
CONNECTION_SIGNALS = {"db.connections.exhausted", "pool.connections.exhausted", "app.pool.exhausted", "db.replication.exhausted"}

# pganalyze's classification: our signal, or "signal/class".
COUNTERPARTS = {
    "SERVER_CRASHED": ["db.crashed", "db.terminated", "db.restart"],
    "SERVER_START": ["db.ready", "db.restart", "db.crashed"],
    "SERVER_START_RECOVERING": ["db.crashed"],
    "SERVER_SHUTDOWN": ["db.restart", "db.shutting_down", "db.terminated"],
    "SERVER_OUT_OF_MEMORY": ["db.out_of_resources/db.out_of_memory"],
    "SERVER_TEMP_FILE_CREATED": ["db.temp_file"],
    "SERVER_RELOAD": ["config.reload"],
    "CONNECTION_RECEIVED": ["db.session.received"],
    "CONNECTION_AUTHORIZED": ["db.session.authorized"],
    "CONNECTION_DISCONNECTED": ["db.session.closed"],
    "CONNECTION_TERMINATED": ["db.terminated"],
    "OUT_OF_CONNECTIONS": ["db.connections.exhausted/db.max_connections"],
    "TOO_MANY_CONNECTIONS_ROLE": ["db.connections.exhausted/db.role_limit"],
    "TOO_MANY_CONNECTIONS_DATABASE": ["db.connections.exhausted/db.database_limit"],
    "CHECKPOINT_STARTING": ["db.checkpoint/checkpoint.starting"],
    "CHECKPOINT_COMPLETE": ["db.checkpoint/checkpoint.complete"],
    "CHECKPOINT_TOO_FREQUENT": ["db.checkpoint/checkpoint.too_frequent"],
    "RESTARTPOINT_STARTING": ["db.checkpoint/checkpoint.starting"],
    "RESTARTPOINT_COMPLETE": ["db.checkpoint/checkpoint.complete"],
    "WAL_ARCHIVE_COMMAND_FAILED": ["db.replication/replication.archive_failed", "db.crashed/crash.process"],
    "AUTOVACUUM_CANCEL": ["db.autovacuum/autovacuum.cancelled"],
    "AUTOVACUUM_COMPLETED": ["db.autovacuum"],
    "AUTOANALYZE_COMPLETED": ["db.autovacuum/autovacuum.analyze"],
    "TXID_WRAPAROUND_WARNING": ["db.autovacuum/autovacuum.overdue"],
    "TXID_WRAPAROUND_ERROR": ["db.autovacuum/autovacuum.overdue"],
    "LOCK_WAITING": ["db.lock_wait/lock.wait"],
    "LOCK_TIMEOUT": ["db.lock_wait/lock.timeout"],
    "LOCK_DEADLOCK_DETECTED": ["db.deadlock"],
    "STATEMENT_CANCELED_TIMEOUT": ["db.cancelled/statement.timeout"],
    "STANDBY_STARTED_STREAMING": ["db.replication/replication.started"],
    "STANDBY_CONSISTENT_RECOVERY_STATE": ["db.replication/replication.started"],
    "STANDBY_STREAMING_INTERRUPTED": ["db.replication/replication.lost"],
}


def of(record):
    return {s["signal"] for s in record.get("signals") or []} | {f"{s['signal']}/{s['class']}" for s in record.get("signals") or []}


def positive(case):
    """(right, ours)"""
    found = sorted({s["class"] for r in case.records for s in r.get("signals") or []})
    wanted = case.row["class"]
    if case.row.get("expect_rule", "").startswith("CL") and "max_wal_senders" in case.text:
        wanted = "db.walsenders"
    return (wanted in found if case.records else None), found


def near_miss(case):
    found = sorted({s["signal"] for r in case.records for s in r.get("signals") or []} & CONNECTION_SIGNALS)
    return not found, found


def postgresql(case):
    """(field, right, expected, ours) of each message of the group, and classes not compared."""
    messages = [(line, e) for line, e in zip(case.row["lines"], case.expect) if e.get("classification") or "query" in e]
    records = [r for r in case.records if "message" in r]
    out, left = [], []
    # Messages in order; attachments (DETAIL, HINT, ...) are no messages of their own.
    heads = [n for n, line in enumerate(case.row["lines"]) if line.get("level") not in ("DETAIL", "HINT", "CONTEXT", "STATEMENT", "QUERY")]
    for line, e in messages:
        n = case.row["lines"].index(line)
        record = records[heads.index(n)] if n in heads and heads.index(n) < len(records) else None
        wanted = COUNTERPARTS.get(e.get("classification"))
        if wanted:
            ours = of(record) if record else set()
            out.append(("classification", any(w in ours for w in wanted) if record else None, e["classification"], sorted(ours)))
        elif e.get("classification"):
            left.append(e["classification"])
        if e.get("query"):
            query = (record or {}).get("db.query.text") or attached(case, record)
            out.append(("query", None if query is None else " ".join(query.split()).rstrip(";") == " ".join(e["query"].split()).rstrip(";"), e["query"], query))
    return out, left


def attached(case, record):
    """The statement of an attachment behind the record, before the next message."""
    behind = False
    for r in case.records:
        if r is record:
            behind = True
        elif behind and "message" in r:
            return None
        elif behind and "db.query.text" in r:
            return r["db.query.text"]
    return None


BUILT_IN_JOINS = {"docker", "cri", "docker_cri_chain", "go", "python", "java", "ruby", "elastic", "php", "dotnet", "node", "javascript"}


def own_rule(case):
    """Joined by a rule that the test gave Fluent Bit (lines that end in a backslash): the case does not state it."""
    return case.row.get("format", "").removeprefix("multiline.") not in BUILT_IN_JOINS


def texts(record):
    """How the joined text may stand in the record: the stack apart, and a level at its start."""
    message, stack = record.get("message", ""), record.get("exception.stacktrace")
    for text in [message] + ([stack, f"{message}\n{stack}"] if stack else []):
        for head in ["", *(f.format(record["severity_text"]) for f in ("[{}] ", "{}: ", "{} ") if "severity_text" in record)]:
            yield (head + text).strip()


def joined(case):
    """multiline_joins: what we joined beside what was expected, in order: (right, expected, ours) of each expected record."""
    at, out = 0, []
    for want in case.expect["records"]:
        found = next((n for n in range(at, len(case.records)) if want.strip() in texts(case.records[n])), None)
        out.append((None if not case.records else found is not None, want, case.records[at:at + 1] if found is None else None))
        at = at if found is None else found + 1
    return out
