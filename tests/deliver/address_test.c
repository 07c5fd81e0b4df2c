#include "deliver/address.h"

#include "test.h"

#include <arpa/inet.h>

static bool is_public(const char *text)
{
	uint8_t bytes[16];
	bool six = strchr(text, ':') != NULL;
	CHECK_INT(inet_pton(six ? AF_INET6 : AF_INET, text, bytes), 1);
	return ent_address_is_public(bytes, six ? 16 : 4);
}

TEST(address_public_or_not)
{
	static const char *const open[] = {
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
		"100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
		"172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
		"2a00::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
	};
	static const char *const shut[] = {
		"0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255",
		"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
		"192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
		"203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
		"255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
		"fec0::1", "2001:db8::1", "2001::1", "3fff::1", "100::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1",
		"2002:7f00:1::", "2002:a00:1::", "::7f00:1", "5f00::1",
	};
	for (size_t i = 0; i < ENT_COUNT(open); i++) {
		ROW(open[i]);
		CHECK(is_public(open[i]));
	}
	for (size_t i = 0; i < ENT_COUNT(shut); i++) {
		ROW(shut[i]);
		CHECK(!is_public(shut[i]));
	}
	CHECK(!ent_address_is_public((const uint8_t *)"12345", 5));
}
