# tap.awk - sum TAP streams: prints "passed failed skipped".
# A plan (1..N) stands behind its tests, or before them where "TAP version" ends what was
# before. One that does not match what ran, or is absent, is one failure more.

function close_stream() {
	failed += is_ahead ? plan != ran || ran == 0 : ran > 0
	ran = 0
	is_ahead = 0
}

/^TAP version/ {
	close_stream()
}
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
	if (ran == 0 && !is_ahead) {
		plan = substr($1, 4) + 0
		is_ahead = 1
	} else {
		failed += is_ahead || substr($1, 4) + 0 != ran
		ran = 0
		is_ahead = 0
	}
}
END {
	close_stream()
	print passed + 0, failed + 0, skipped + 0
}
