/* auth: who logs in, out, or acts as somebody else: what programs of authentication say inside their messages.
 *
 * Takes  a record with a message and the program's name (process.name).
 * Gives  user.name: who acts, where the message says so ("by vagrant", sudo's caller), else whose account it is about; client.address
 *        and client.port: where from.
 * Holds  nothing; spans lie in the message.
 * Never  changes the message; reads one of a program that is not known by its name, but for those of PAM's modules, which name
 *        themselves. Never takes for a value what the one who logs in could have written: a user's name ends at the last " from ".
 *
 * Known, as their sources print: OpenSSH (sshd, and its sshd-session, sshd-auth), Dropbear, Linux-PAM's modules, sudo, su (util-linux,
 * shadow, BSD), doas, pkexec, polkitd, login, systemd and systemd-logind, cron (Vixie's, cronie, BusyBox's), atd, shadow's useradd,
 * userdel, usermod, passwd, chage, chfn, chsh, gpasswd, groupmod.
 */
#ifndef ONSET_AUTH_H
#define ONSET_AUTH_H

#include "line/record.h"

/* Fields that are there stay. */
void auth_read(struct record *r);
/* The same of a line without a program's name: only what sshd alone says, with an address, and PAM's modules. */
void auth_read_bare(struct record *r);

#endif
