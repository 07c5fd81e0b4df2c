/* address.h - which network addresses a webhook may go to.
 *
 * Whoever may write an endpoint's URL could otherwise have the server ask hosts that only it
 * reaches: itself, its network, the metadata service of a cloud. Looked at when a connection
 * is made, so that a name that resolves to something else later helps nobody. */
#ifndef ENT_DELIVER_ADDRESS_H
#define ENT_DELIVER_ADDRESS_H

#include "base/base.h"

/* `bytes`: 4 of IPv4 or 16 of IPv6, in network order; other lengths are refused. Not public:
 * what IANA's registries of special addresses keep from the global network, multicast, and
 * IPv6 addresses that carry an IPv4 one that is not. */
bool ent_address_is_public(const uint8_t *bytes, size_t len);

#endif
