# tap.awk - sum TAP streams, each closed by its plan: prints "passed failed skipped".
# A plan (1..N) that does not match what ran, or is absent, is one failure more.

/^ok / && tolower($0) ~ /# (skip|todo)/ {
	skipped++
	passed--
}
/^ok / {
	ran++
	passed++
}
/^not ok / {
	ran++
	failed++
}
/^1\.\.[0-9]+/ {
	failed += substr($1, 4) + 0 != ran || ran == 0
	ran = 0
}
END { print passed + 0, failed + (ran > 0), skipped + 0 }
