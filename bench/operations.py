#!/usr/bin/env python3
"""operations.py PROGRAM LINES FOLDER [URL] - operations on contracts of LINES lines, by HTTP.

On SQLite, or on the empty PostgreSQL at URL. Prints "NAME MILLISECONDS YARDSTICK PROCESSOR
YARDSTICK'S" a line, the latter two in processor time of the program and of the loop (on PostgreSQL
0: the work is the server's). The yardstick: a loop that inserts and updates the rows that the
operation left, read from the database before, in one transaction in tables with the same indexes
and settings; on PostgreSQL it runs inside of the server. It plans nothing, hashes nothing and
writes no answer.
"""
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time

PROGRAM, LINES, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3]
URL = sys.argv[4] if len(sys.argv) > 4 else None
PATH = os.path.join(FOLDER, "operations.db")
DATABASE = URL or PATH
TABLES = ["contract", "contract_line", "contract_link", "contract_operation", "event"]


def remove(path):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.unlink(path + end)


def run(*words):
    return subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout


class Server:
    def __init__(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--db", DATABASE, "--listen", "127.0.0.1:0", "--quiet"],
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            said = json.loads(line)
            if said.get("msg") == "listening":
                self.port = said["port"]
                return
        sys.exit("the server did not start")

    def processor(self):
        """Milliseconds of all its threads so far."""
        folder = f"/proc/{self.process.pid}/task"
        times = [open(f"{folder}/{task}/schedstat", encoding="ascii").read().split()[0]
                 for task in os.listdir(folder)]
        return sum(map(int, times)) / 1e6

    def post(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        begin = time.monotonic()
        connection.request("POST", "/v1/" + path, json.dumps(body),
                           {"Content-Type": "application/json", "Authorization": "Bearer " + KEY})
        reply = connection.getresponse()
        text = reply.read()
        took = (time.monotonic() - begin) * 1000
        if reply.status >= 300:
            sys.exit(f"POST {path}: {reply.status} {text[:500]}")
        return json.loads(text), took


def snapshot():
    """Every row of the tables, by table and key."""
    db = sqlite3.connect(PATH)
    rows = {}
    for table in TABLES:
        at = [column[1] for column in db.execute(f'PRAGMA table_info("{table}")')].index("id")
        rows[table] = {row[at]: row for row in db.execute(f'SELECT * FROM "{table}"')}
    db.close()
    return rows


def by_hand(before, after):
    """Milliseconds for the same rows in a loop."""
    path = os.path.join(FOLDER, "by_hand.db")
    remove(path)
    source, db = sqlite3.connect(PATH), sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL "
                                 "AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, rowid"):
        db.execute(sql)
    source.close()

    def fill(rows_of):
        for table in TABLES:
            rows = rows_of(table)
            if rows:
                marks = ",".join("?" * len(rows[0]))
                db.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({marks})', rows)

    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN")
    fill(lambda table: list(before[table].values()))
    db.execute("COMMIT")
    changed = {table: [row for key, row in after[table].items() if before[table].get(key) != row]
               for table in TABLES}
    begin, used = time.monotonic(), time.process_time()
    db.execute("BEGIN IMMEDIATE")
    fill(lambda table: changed[table])
    db.execute("COMMIT")
    took = (time.monotonic() - begin) * 1000
    used = (time.process_time() - used) * 1000
    db.close()
    remove(path)
    return took, used


# ---- PostgreSQL -----------------------------------------------------------------------------

def psql(text):
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", URL], input=text, check=True,
                          capture_output=True, text=True).stdout


def keep_rows():
    """by_hand.X: the rows of X, with its indexes."""
    psql("DROP SCHEMA IF EXISTS by_hand CASCADE; CREATE SCHEMA by_hand;" + "".join(
        f"CREATE TABLE by_hand.{table} (LIKE public.{table} INCLUDING ALL);"
        f"INSERT INTO by_hand.{table} TABLE public.{table};" for table in TABLES) + "CHECKPOINT;")


def loop_of(table):
    return (f"FOR of_{table} IN SELECT * FROM changed_{table} LOOP DELETE FROM by_hand.{table} WHERE "
            f"account_id = of_{table}.account_id AND id = of_{table}.id; INSERT INTO by_hand.{table} "
            f"VALUES (of_{table}.*); END LOOP;")


def by_loop():
    """Milliseconds for what differs from by_hand."""
    changed = "".join(f"CREATE TEMP TABLE changed_{table} AS TABLE public.{table} EXCEPT TABLE "
                      f"by_hand.{table};" for table in TABLES)
    rows = "".join(f"of_{table} by_hand.{table}%ROWTYPE; " for table in TABLES)
    body = f"DO $$ DECLARE {rows} BEGIN " + "".join(map(loop_of, TABLES)) + " END $$;"
    said = psql(changed + "\n\\timing on\n" + body + "\n")
    return float(said.split("Time:")[-1].split()[0]), 0


def contract(server, account, name):
    line = {"quantity": "2", "unit_price": {"amount": "9.90", "currency": "EUR"}}
    body = {"account_id": account, "name": name, "starts_on": "2026-01-01", "ends_on": "2030-12-31",
            "currency": "EUR", "lines": [{"name": f"Line {i}", **line} for i in range(LINES)]}
    return server.post("contracts", body)[0]["id"]


def measure(server, name, path, body):
    before = snapshot() if URL is None else keep_rows()
    used = server.processor()
    _, took = server.post(path, body)
    used = server.processor() - used
    hand, hands = by_hand(before, snapshot()) if URL is None else by_loop()
    print(f"{name} {took:.0f} {hand:.0f} {used:.0f} {hands:.0f}", flush=True)


remove(PATH)
run("migrate", "--db", DATABASE)
KEY = run("key", "create", "--db", DATABASE, "--name", "bench", "--scope", "*").split()[-1]
server = Server()
try:
    account = server.post("accounts", {"name": "Bench"})[0]["id"]
    first, second, third = (contract(server, account, name) for name in ("one", "two", "three"))
    measure(server, "renew", f"contracts/{first}/renew", {})
    measure(server, "co_terminate", f"contracts/{second}/co_terminate", {"ends_on": "2030-06-30"})
    measure(server, "merge", f"contracts/{second}/merge", {"contracts": [third]})
finally:
    server.process.terminate()
    server.process.wait()
    remove(PATH)
