/* carriertext: carriers that write before a line's text: Docker compose, the container runtime interface, kubectl; and colours.
 *
 * Takes  what is carried so far: the text at which a carrier may stand.
 * Gives  true, and one carrier more, where one stands; else false and nothing changed.
 * Holds  nothing.
 * Never  takes a table's row or a program's own stamp for a prefix: what each program writes is matched to the blank.
 *
 *   compose  "web-1  | text" (v2: at least two blanks), "web_1 | text" (v1: a number behind "_"); a container_name of its own only with two
 *            blanks; with --timestamps a stamp of nine decimals behind the bar
 *   cri      "2026-11-22T11:15:12.836123456Z stdout F text": RFC 3339 with up to nine decimals, any offset; "P": partial; further tags
 *            behind a colon (kubernetes: kubelet/kuberuntime/logs); podman's k8s-file is the same
 *   ansi     CSI sequences (ECMA-48 section 5.4), OSC and other strings (section 5.6) and two-byte escapes; nothing else is dropped
 */
#ifndef ONSET_CARRIERTEXT_H
#define ONSET_CARRIERTEXT_H

#include "parse/carried.h"
#include "parse/carrierroom.h"

bool carriertext_compose(struct carried *c, struct stamp_cache *cache);
bool carriertext_cri(struct carried *c, struct stamp_cache *cache);
/* Copies the text to the room without its escape sequences; false when there are none. */
bool carriertext_ansi(struct carried *c, struct carrier_room *room);

#endif
