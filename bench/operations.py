#!/usr/bin/env python3
"""operations.py PROGRAM LINES FOLDER - operations on contracts of LINES lines, by HTTP on SQLite.

Prints "NAME MILLISECONDS YARDSTICK" a line. The yardstick: a loop that inserts and updates the
rows that the operation left, read from the database before, in one transaction in a database
with the same tables and settings. It plans nothing, hashes nothing and writes no answer.
"""
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time

PROGRAM, LINES, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3]
PATH = os.path.join(FOLDER, "operations.db")
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
            [PROGRAM, "serve", "--db", PATH, "--listen", "127.0.0.1:0", "--quiet"],
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            said = json.loads(line)
            if said.get("msg") == "listening":
                self.port = said["port"]
                return
        sys.exit("the server did not start")

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
    begin = time.monotonic()
    db.execute("BEGIN IMMEDIATE")
    fill(lambda table: changed[table])
    db.execute("COMMIT")
    took = (time.monotonic() - begin) * 1000
    db.close()
    remove(path)
    return took


def contract(server, account, name):
    line = {"quantity": "2", "unit_price": {"amount": "9.90", "currency": "EUR"}}
    body = {"account_id": account, "name": name, "starts_on": "2026-01-01", "ends_on": "2030-12-31",
            "currency": "EUR", "lines": [{"name": f"Line {i}", **line} for i in range(LINES)]}
    return server.post("contracts", body)[0]["id"]


def measure(server, name, path, body):
    before = snapshot()
    _, took = server.post(path, body)
    print(f"{name} {took:.0f} {by_hand(before, snapshot()):.0f}", flush=True)


remove(PATH)
run("migrate", "--db", PATH)
KEY = run("key", "create", "--db", PATH, "--name", "bench", "--scope", "*").split()[-1]
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
