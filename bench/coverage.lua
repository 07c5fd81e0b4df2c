-- wrk: POST /v1/coverage/check with the questions in the file $QUESTIONS, one a line, in an
-- order of chance; $KEY is the API key. A reply that is not 200 is counted and told.
local questions = {}
for line in io.lines(os.getenv("QUESTIONS")) do
	questions[#questions + 1] = line
end

wrk.method = "POST"
wrk.path = os.getenv("WRK_PATH") or "/v1/coverage/check"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
wrk.headers["Content-Type"] = "application/json"

local requests = {}
function init()
	for i, body in ipairs(questions) do
		requests[i] = wrk.format(nil, nil, nil, body)
	end
	questions = nil
	math.randomseed(1)
end

function request()
	return requests[math.random(#requests)]
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format("result %.0f %.3f %d\n", summary.requests / summary.duration * 1e6,
		latency:percentile(99) / 1000,
		errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
