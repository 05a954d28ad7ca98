/* carriertext: carriers that write before a line's text: Docker compose, the container runtime interface, kubectl, Heroku,
 * AWS, stern; and colours.
 *
 * Takes  what is carried so far: the text at which a carrier may stand.
 * Gives  true, and one carrier more, where one stands; else false and nothing changed.
 * Holds  nothing.
 * Never  takes a table's row or a program's own stamp for a prefix: what each program writes is matched to the blank.
 *
 *   compose  "web-1  | text" (v2: at least two blanks), "web_1 | text" (v1: a number behind "_"); a container_name of its
 *            own only with two blanks; with --timestamps a stamp of nine decimals behind the bar
 *   cri      "2026-11-22T11:15:12.836123456Z stdout F text": RFC 3339 with up to nine decimals, any offset; "P": partial;
 *            further tags behind a colon (kubernetes: kubelet/kuberuntime/logs); podman's k8s-file is the same
 *   cri      also what `kubectl logs --prefix` ("[pod/shop-7d9f/app] ") and, with stamps, kubectl and `docker logs -t`
 *            write: nine decimals, always, and a blank; not where a level follows, which is a program's own line
 *   export   `heroku logs`: "2026-11-22T11:15:12.836000+00:00 app[web.1]: text"; `aws logs tail`: the same stamp (of
 *            milliseconds), the stream's name (with '/', or as RDS calls it "shop-db.0"), the text; CloudWatch's export to
 *            S3: "2026-11-22T11:15:12.836Z text" only where the text begins with a time itself or is an object; stern:
 *            "shop-7d9f8b6c5d-x2x4z app text" only with a pod's name of a Deployment, whose ends are of an alphabet of their
 *            own (apimachinery/pkg/util/rand: bcdfghjklmnpqrstvwxz2456789)
 *   ansi     CSI sequences (ECMA-48 section 5.4), OSC and other strings (section 5.6) and two-byte escapes; nothing else is
 *            dropped
 */
#ifndef ONSET_CARRIERTEXT_H
#define ONSET_CARRIERTEXT_H

#include "carry/carried.h"
#include "carry/carrierroom.h"

/* Compose and stern: texts that begin with a letter or a digit. */
bool carriertext_named(struct carried *c, struct stamp_cache *cache);
/* CRI and the exports: texts that begin with a digit. */
bool carriertext_stamped(struct carried *c, struct stamp_cache *cache);
/* kubectl's prefix: texts that begin with '['. */
bool carriertext_bracketed(struct carried *c);
/* Copies the text to the room without its escape sequences; false when there are none. */
bool carriertext_ansi(struct carried *c, struct carrier_room *room);

#endif
