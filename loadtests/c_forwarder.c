/*
 * The least that a relay of SRTP can do, in C: one thread, one socket, datagrams by the batch, each decrypted, encrypted
 * again and sent on. No ICE, no DTLS, no RTCP, no counters, no check of anything: a mark to measure a real relay against.
 *
 * libsrtp's two functions come in as pointers, so that both sides of the comparison use the very same library.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64
#define DATAGRAM 2048

typedef int (*srtp_function)(void *session, void *packet, int *length);

/* One person: what comes from `port` is decrypted with `received`, encrypted with `sent`, and goes to `to`. */
struct leg {
    uint16_t port;
    void *received;
    void *sent;
    struct sockaddr_in to;
};

static struct leg *leg_of[65536];
static uint8_t bytes[BATCH][DATAGRAM];
static struct sockaddr_in from[BATCH];
static struct iovec in_vectors[BATCH], out_vectors[BATCH];
static struct mmsghdr in[BATCH], out[BATCH];

/* Forward until the socket fails. */
void forward(int fd, struct leg *legs, int count, srtp_function unprotect, srtp_function protect)
{
    for (int i = 0; i < count; i++)
        leg_of[legs[i].port] = &legs[i];
    for (int i = 0; i < BATCH; i++) {
        in_vectors[i] = (struct iovec){bytes[i], DATAGRAM};
        in[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_iov = &in_vectors[i], .msg_iovlen = 1};
        out[i].msg_hdr = (struct msghdr){.msg_namelen = sizeof from[i], .msg_iov = &out_vectors[i], .msg_iovlen = 1};
    }
    for (;;) {
        for (int i = 0; i < BATCH; i++)
            in[i].msg_hdr.msg_namelen = sizeof from[i];
        int got = recvmmsg(fd, in, BATCH, MSG_WAITFORONE, NULL);
        if (got < 0)
            return;
        int ready = 0;
        for (int i = 0; i < got; i++) {
            struct leg *leg = leg_of[ntohs(from[i].sin_port)];
            int length = (int)in[i].msg_len;
            if (!leg || unprotect(leg->received, bytes[i], &length) || protect(leg->sent, bytes[i], &length))
                continue;
            out_vectors[ready] = (struct iovec){bytes[i], (size_t)length};
            out[ready].msg_hdr.msg_name = &leg->to;
            ready++;
        }
        for (int sent = 0; sent < ready;) {
            int went = sendmmsg(fd, out + sent, (unsigned)(ready - sent), 0);
            if (went < 0)
                return;
            sent += went;
        }
    }
}
