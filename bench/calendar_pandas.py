#!/usr/bin/python3
"""calendar_pandas.py - the questions of calendar.c to pandas (Debian: python3-pandas): deadlines over about a
year. It knows neither a shorter Friday nor seconds of elapsed time, so all days are 08:00-12:00 and
13:00-17:00, and only `add` is asked. Prints thousands a second of processor time."""
import random
import time
import pandas as pd

HOLIDAYS = [f'{y}-{d}' for y in (2021, 2022, 2023) for d in ('01-01', '05-01', '10-03', '12-25', '12-26')]
OFFSET = pd.offsets.CustomBusinessHour(start=['08:00', '13:00'], end=['12:00', '17:00'], holidays=HOLIDAYS)
random.seed(1)
first = pd.Timestamp('2021-01-01')
asked = [(first + pd.Timedelta(seconds=random.randrange(200 * 86400)), random.randrange(800, 2400)) for _ in range(200)]
begin = time.process_time()
for start, hours in asked:
    start + hours * OFFSET
print(f'{len(asked) / (time.process_time() - begin) / 1e3:.4f}')
