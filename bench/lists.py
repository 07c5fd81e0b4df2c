#!/usr/bin/env python3
"""lists.py PROGRAM FOLDER COUNT [URL] - pages of lists of COUNT records, by HTTP.

On SQLite, or on the empty PostgreSQL at URL. Prints "NAME MILLISECONDS YARDSTICK" a line, medians;
the yardstick is the same SELECT, of all columns, by sqlite3 or psql on the same database. Each
contract has an account of its own, a line, an entitlement and a case. A hundred of each are made
through the API and copied by SQL, older and older, so that a third of the contracts is active.
"""
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.parse

PROGRAM, FOLDER, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
URL = sys.argv[4] if len(sys.argv) > 4 else None
PATH = os.path.join(FOLDER, f"lists{COUNT}.db")
DATABASE = URL or PATH
BASE, DAYS, STEP = 100, 2190, 1 << 40
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
TABLES = ["account", "contract", "contract_line", "entitlement", "case"]
# What a copy has of its own: identifiers, unique texts, days and instants.
IDS = {"id", "account_id", "contract_id", "contract_line_id", "root_id", "entitlement_id"}
TEXTS = {"number", "name", "title"}
DATES = {"starts_on", "ends_on"}
INSTANTS = {"starts_at", "ends_at", "cancelled_at", "created_at", "updated_at", "activated_at",
            "opened_at", "resolved_at"}


def run(*words):
    return subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout


def sql(text):
    """All rows, as texts."""
    if URL is None:
        db = sqlite3.connect(PATH, isolation_level=None)
        try:
            return [[str(cell) for cell in row] for row in db.execute(text).fetchall()]
        finally:
            db.close()
    said = subprocess.run(["psql", "-XqAt", "-F", "\t", URL, "-c", text], check=True,
                          capture_output=True, text=True).stdout
    return [line.split("\t") for line in said.splitlines()]


class Server:
    def __init__(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--db", DATABASE, "--listen", "127.0.0.1:0", "--quiet"],
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            said = json.loads(line)
            if said.get("msg") == "listening":
                self.connection = http.client.HTTPConnection("127.0.0.1", said["port"], timeout=600)
                return
        sys.exit("the server did not start")

    def ask(self, method, path, body=None):
        self.connection.request(method, "/v1/" + path, body and json.dumps(body),
                                {"Content-Type": "application/json", "Authorization": "Bearer " + KEY})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status >= 300:
            sys.exit(f"{method} {path}: {reply.status} {text[:500]}")
        return json.loads(text)

    def stop(self):
        self.process.terminate()
        self.process.wait()


# ---- data -----------------------------------------------------------------------------------

def make_base(server):
    today = int(time.time()) // 86400

    def day(n):
        return time.strftime("%Y-%m-%d", time.gmtime((today + n) * 86400))

    for i in range(BASE):
        account = server.ask("POST", "accounts", {"name": f"Account {i}"})["id"]
        begin = -(i * 7 % 300) - 1
        body = {"account_id": account, "name": f"Contract {i}", "currency": "EUR",
                "starts_on": day(begin), "auto_renew": i % 4 == 1, "reference": f"PO {i}",
                "renewal_stage": ["none", "none", "contacted", "proposed", "lost"][i % 5],
                "lines": [{"name": "Support", "quantity": "2",
                           "unit_price": {"amount": f"{i}.90", "currency": "EUR"}}]}
        if i % 10 != 0:
            body["ends_on"] = day(begin + 365 * (1 + i % 3))
        if i == 99:
            body["keep_draft"] = True
        contract = server.ask("POST", "contracts", body)["id"]
        if i in (95, 96):
            server.ask("POST", f"contracts/{contract}/cancel", {})
        if i == 97:
            server.ask("POST", f"contracts/{contract}/suspend", {"reason": "unpaid"})
        right = {"account_id": account, "name": f"Right {i}", "starts_on": day(begin)}
        if "ends_on" in body:
            right["ends_on"] = body["ends_on"]
        right = "entitlements/" + server.ask("POST", "entitlements", right)["id"]
        for action in {95: ["activate", "cancel"], 96: ["activate", "cancel"], 99: [],
                       97: ["activate", "suspend"]}.get(i, ["activate"]):
            server.ask("POST", f"{right}/{action}", {})
        case = server.ask("POST", "cases", {"account_id": account, "title": f"Question {i}"})["id"]
        if i % 20 != 0:
            server.ask("POST", f"cases/{case}/resolve", {"resolution": "Explained"})


def columns(table):
    if URL is None:
        return [row[1] for row in sql(f'PRAGMA table_info("{table}")')]
    return [row[0] for row in sql("SELECT column_name FROM information_schema.columns WHERE "
                                  f"table_name = '{table}' ORDER BY ordinal_position")]


def copied(name, back):
    if name in IDS:
        return f't."{name}" + n.k * {STEP}'
    if name in TEXTS:
        return f't."{name}" || \' \' || n.k'
    if name in DATES:
        return f't."{name}" - {back}'
    if name in INSTANTS:
        return f't."{name}" - {back} * 86400000000'
    if name == "source_key":
        return "NULL"
    return f't."{name}"'


def indexes_of():
    """Statements that remove all but those of keys, and that make them again."""
    tables = ", ".join(f"'{table}'" for table in TABLES)
    if URL is None:
        found = sql(f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
                    f"AND tbl_name IN ({tables})")
        return [f'DROP INDEX "{name}"' for name, _ in found], [create for _, create in found]
    # inside of the server: what the definitions hold does not get through every pipe
    each = "DO $$ DECLARE i RECORD; BEGIN FOR i IN SELECT * FROM kept LOOP EXECUTE %s; END LOOP; END $$"
    return ([f"CREATE TEMP TABLE kept AS SELECT indexname, indexdef FROM pg_indexes WHERE tablename "
             f"IN ({tables}) AND indexname NOT LIKE '%_pkey'",
             each % "'DROP INDEX ' || i.indexname"], [each % "i.indexdef"])


def multiply():
    """The last copy is as old as the first ones; the other ones are older."""
    copies = COUNT // BASE - 1
    made = {table: sql(f"SELECT MAX(id) FROM {table}")[0][0] for table in KEPT}
    back = f"(({copies} - n.k) * {DAYS} / {copies})"
    steps = ["PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "PRAGMA cache_size = -400000"]
    if URL is not None:
        steps = ["SET session_replication_role = replica; SET synchronous_commit = off"]
    remove, again = indexes_of()
    steps += remove
    for table in TABLES:
        names = columns(table)
        own = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(copied(name, back) for name in names)
        steps.append(f"WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < "
                     f'{copies}) INSERT INTO "{table}" ({own}) SELECT {values} FROM n CROSS JOIN '
                     f'"{table}" t')
    now = int(time.time() * 1000000)
    steps += [KEEP % (table, now, now, made[table]) for table in KEPT]
    steps += again  # sorted, which is faster than one by one
    steps.append("VACUUM (ANALYZE)" if URL is not None else "PRAGMA journal_mode = WAL")
    if URL is None:
        db = sqlite3.connect(PATH, isolation_level=None)
        for step in steps:
            db.execute(step).fetchall()
        db.close()
    else:
        subprocess.run(["psql", "-Xq", URL], input=";\n".join(steps) + ";\n", check=True, text=True)


# No copy is suspended.
KEPT = ["contract", "entitlement"]
KEEP = ("UPDATE %s SET due_at = CASE WHEN ends_at > %d AND stage <> 'draft' THEN ends_at END, "
        "kept_state = CASE WHEN stage = 'draft' THEN 'draft' WHEN cancelled_at "
        "IS NOT NULL AND (ends_at IS NULL OR cancelled_at < ends_at) THEN 'cancelled' WHEN ends_at "
        "<= %d THEN 'expired' ELSE 'active' END WHERE id > %s")


def make():
    key = PATH + ".key"
    if URL is not None and sql("SELECT COUNT(*) FROM pg_tables WHERE tablename = 'contract'")[0][0] == "1":
        return run("key", "create", "--db", DATABASE, "--name", "bench", "--scope", "*").split()[-1]
    if URL is None and os.path.exists(key):
        run("migrate", "--db", DATABASE)
        with open(key, encoding="ascii") as file:
            return file.read()
    if URL is None:
        for end in ("", "-wal", "-shm"):
            if os.path.exists(PATH + end):
                os.unlink(PATH + end)
    run("migrate", "--db", DATABASE)
    globals()["KEY"] = run("key", "create", "--db", DATABASE, "--name", "bench", "--scope",
                           "*").split()[-1]
    server = Server()
    make_base(server)
    server.stop()
    print(f"bench: copying them {COUNT // BASE} times", file=sys.stderr)
    multiply()
    if URL is None:
        with open(key, "w", encoding="ascii") as file:
            file.write(KEY)
    return KEY


# ---- rows -----------------------------------------------------------------------------------

def day_in(days):
    return int(time.time()) // 86400 + days


def text_of(day):
    return time.strftime("%Y-%m-%d", time.gmtime(day * 86400))


def number_of(contract):
    return sql(f"SELECT number FROM contract ORDER BY id LIMIT 1 OFFSET {contract}")[0][0]


def rows(shown):
    """Name, query by HTTP, its SELECT; `shown`: the account of the oldest contract."""
    window = (day_in(0), day_in(90))
    account = sql("SELECT account_id FROM contract ORDER BY created_at, id LIMIT 1")[0][0]
    number = number_of(COUNT // 2)
    bytes_ = "" if URL is None else ' COLLATE "C"'
    ends = "COALESCE(ends_on, 9223372036854775807)"
    yield "newest", {}, "ORDER BY id DESC"
    for state in ("active", "expired", "cancelled", "draft", "suspended"):
        yield (f"state={state}", {"state": state},
               f"WHERE kept_state = '{state}' ORDER BY id DESC")
    yield ("state=active,sort=ends_on", {"state": "active", "sort": "ends_on"},
           f"WHERE kept_state = 'active' ORDER BY {ends}, id")
    yield ("state=cancelled,sort=ends_on", {"state": "cancelled", "sort": "ends_on"},
           f"WHERE kept_state = 'cancelled' ORDER BY {ends}, id")
    yield ("end_in_90_days,sort=ends_on",
           {"ends_on[gte]": text_of(window[0]), "ends_on[lte]": text_of(window[1]),
            "sort": "ends_on"},
           f"WHERE ends_on >= {window[0]} AND ends_on <= {window[1]} ORDER BY {ends}, id")
    yield ("end_in_90_days,newest",
           {"ends_on[gte]": text_of(window[0]), "ends_on[lte]": text_of(window[1])},
           f"WHERE ends_on >= {window[0]} AND ends_on <= {window[1]} ORDER BY id DESC")
    yield ("renewal_stage=proposed,active", {"renewal_stage": "proposed", "state": "active"},
           "WHERE renewal_stage = 'proposed' AND kept_state = 'active' ORDER BY id DESC")
    yield ("state=active,sort=starts_on", {"state": "active", "sort": "starts_on"},
           f"WHERE kept_state = 'active' ORDER BY starts_on, id")
    yield "account", {"account_id": shown}, f"WHERE account_id = {account} ORDER BY id DESC"
    yield "number", {"number": number}, f"WHERE number = '{number}' ORDER BY id DESC"
    for name in ("number", "name", "starts_on", "created_at"):
        order = f"{name}{bytes_}" if name in ("number", "name") else name
        yield f"sort={name}", {"sort": name}, f"ORDER BY {order}, id"
        yield f"sort=-{name}", {"sort": "-" + name}, f"ORDER BY {order} DESC, id DESC"
    yield ("q=rare", {"q": "Contract 7 77"},
           "WHERE LOWER(name) LIKE '%contract 7 77%' OR LOWER(number) LIKE '%contract 7 77%' "
           "ORDER BY id DESC")
    yield ("reference=none", {"reference": "nothing"}, "WHERE reference = 'nothing' ORDER BY id DESC")
    yield ("currency=USD", {"currency": "USD"}, "WHERE currency = 'USD' ORDER BY id DESC")
    yield ("currency=USD,sort=payment_terms", {"currency": "USD", "sort": "payment_terms"},
           "WHERE currency = 'USD' ORDER BY COALESCE(payment_terms, 'z'), id")


def workspace(shown):
    """What pages of the workspace ask besides: path, name, query."""
    in_force = "active,partly_suspended,suspended"
    yield "contracts", "board", {"state[in]": in_force, "ends_on[gte]": text_of(day_in(0)),
                                 "ends_on[lte]": text_of(day_in(30)), "sort": "ends_on",
                                 "limit": 200, "expand": "account"}
    yield "contracts", "overdue", {"state[in]": "expired", "ends_on[gte]": text_of(day_in(-90)),
                                   "ends_on[lt]": text_of(day_in(0)), "sort": "ends_on"}
    for state, sort in (("active", "ends_on"), ("waiting", "starts_on"), ("draft", ""),
                        ("suspended", ""), ("expired", "-ends_on"), ("cancelled", "")):
        yield ("entitlements", f"state={state},sort={sort}",
               {"state": state, **({"sort": sort} if sort else {})})
    for sort in ("number", "-name", "starts_on", "-ends_on", "account_id"):
        yield "entitlements", f"sort={sort}", {"sort": sort}
    yield "entitlements", "account", {"account_id": shown}
    queue = {"state": "open", "sort": "created_at", "limit": 200, "expand": "account,assignee"}
    yield "cases", "queue", queue
    yield "cases", "queue,unassigned", {**queue, "assignee_id[null]": "true"}
    yield "cases", "queue,uncovered", {**queue, "coverage": "uncovered"}
    yield "cases", "open", {"state": "open"}
    yield "cases", "unassigned", {"state": "open", "assignee_id[null]": "true"}
    yield "cases", "resolved", {"state": "resolved", "sort": "-resolved_at"}
    for sort in ("number", "-number", "account_id", "created_at"):
        yield "cases", f"sort={sort}", {"sort": sort}
    yield "cases", "account", {"account_id": shown}
    for path, word in (("entitlements", "right 7 77"), ("cases", "question 7 77")):
        yield path, "q=rare", {"q": word}


def median_of(work):
    work()
    times = []
    for _ in range(ROUNDS):
        begin = time.monotonic()
        work()
        times.append((time.monotonic() - begin) * 1000)
        if sum(times) > 5000:
            break
    return statistics.median(times)


def by_hand(tail):
    """The same page, by the database's own means: prepared once, all columns."""
    text = f"SELECT * FROM contract {tail} LIMIT 51"
    if URL is None:
        db = sqlite3.connect(PATH)
        try:
            return median_of(lambda: db.execute(text).fetchall())
        finally:
            db.close()
    script = f"PREPARE page AS {text};\n\\o /dev/null\nEXECUTE page;\n\\timing on\n" + \
             "EXECUTE page;\n" * ROUNDS
    said = subprocess.run(["psql", "-XqAt", URL], input=script, check=True, capture_output=True,
                          text=True).stdout
    times = [float(line.split()[1]) for line in said.splitlines() if line.startswith("Time:")]
    return statistics.median(times)


def page(server, path, query):
    return server.ask("GET", path + "?" + urllib.parse.urlencode(query))


def report(name, ours, theirs):
    print(f"{name} {ours:.2f} {'-' if theirs is None else f'{theirs:.2f}'}", flush=True)


def measure(server):
    oldest = page(server, "contracts", {"sort": "created_at", "limit": 1})["data"][0]
    for name, query, tail in rows(oldest["account_id"]):
        ours = median_of(lambda: page(server, "contracts", query))
        report(name, ours, by_hand(tail))
    for path, name, query in workspace(oldest["account_id"]):
        report(f"{path},{name}", median_of(lambda: page(server, path, query)), None)
        only = {key: value for key, value in query.items() if key not in ("sort", "expand")}
        only.update(limit=1, fields="id", total="true")
        report(f"{path},{name},total", median_of(lambda: page(server, path, only)), None)
    for path in ("accounts", "contract_lines", "entitlements", "cases", "contracts"):
        first = page(server, path, {})
        cursor = {"cursor": first["next_cursor"]}
        report(f"{path},first", median_of(lambda: page(server, path, {})), None)
        report(f"{path},second", median_of(lambda: page(server, path, cursor)), None)
        report(f"{path},total", median_of(lambda: page(server, path, {"total": "true"})), None)


KEY = make()
SERVER = Server()
try:
    measure(SERVER)
finally:
    SERVER.stop()
