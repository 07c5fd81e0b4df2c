#include "deliver/sign.h"

#include "test.h"

/* The public vector of Standard Webhooks, in the tests of its libraries. */
TEST(sign_public_vector)
{
	struct ent_arena arena = test_arena();
	ent_str out;
	CHECK(ent_webhook_sign(ENT_STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
	                       ENT_STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
	                       ENT_STR("{\"test\": 2432232314}"), &arena, &out));
	CHECK_TEXT(out.ptr, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(sign_refuses_what_is_no_secret)
{
	static const char *const bad[] = {
		"", "whsec_", "MfKQ9r8GKYqrTwjU", "whsec_%%%%", "whsk_MfKQ",
	};
	struct ent_arena arena = test_arena();
	ent_str out;
	for (size_t i = 0; i < ENT_COUNT(bad); i++) {
		ROW(bad[i]);
		CHECK(!ent_webhook_sign(ent_str_of(bad[i]), ENT_STR("a"), 1, ENT_STR("b"), &arena,
		                        &out));
	}
}
