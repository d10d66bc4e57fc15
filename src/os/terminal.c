/* Questions go to the terminal itself, so that they work while standard input and output are pipes. */
#include "os/os.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

static int open_terminal(void)
{
    return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

static void show(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR) {
            return; /* an unseen question can still be answered */
        }
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
}

typedef enum answer { ANSWERED, TOO_LONG, ENDED } answer;

/* Waits for a byte, with signals as in mask while it waits; -1 after one. */
static ssize_t read_byte(int fd, char *c, const sigset_t *mask)
{
    struct pollfd terminal = {.fd = fd, .events = POLLIN};
    return ppoll(&terminal, 1, NULL, mask) < 0 ? -1 : read(fd, c, 1);
}

/* One line without its end, byte by byte, so that no copy stays in a buffer. A signal or the terminal's end ends it. */
static answer read_line(int fd, const sigset_t *mask, char *out, size_t cap)
{
    size_t used = 0;
    char c = 0;
    ssize_t n;
    while ((n = read_byte(fd, &c, mask)) == 1 && c != '\n') {
        if (used + 1 < cap) {
            out[used] = c;
        }
        used++;
    }
    sodium_memzero(&c, 1);
    if (n != 1) {
        return ENDED;
    }
    out[used + 1 < cap ? used : cap - 1] = '\0';
    return used < cap ? ANSWERED : TOO_LONG;
}

/* Signals that would end the process while the terminal does not echo. They are blocked but for the time of waiting, so
 * that none can slip in before it; one that is caught is raised again afterwards. */
static const int caught_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
#define CAUGHT_COUNT (sizeof caught_signals / sizeof *caught_signals)

typedef struct signals {
    struct sigaction actions[CAUGHT_COUNT];
    sigset_t mask;
} signals;

static volatile sig_atomic_t signal_caught;

static void note_signal(int number)
{
    signal_caught = number;
}

static void catch_signals(signals *before)
{
    struct sigaction action = {.sa_handler = note_signal}; /* no SA_RESTART: waiting has to end */
    sigset_t blocked;
    sigemptyset(&blocked);
    signal_caught = 0;
    for (size_t i = 0; i < CAUGHT_COUNT; i++) {
        sigaddset(&blocked, caught_signals[i]);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &before->mask);
    for (size_t i = 0; i < CAUGHT_COUNT; i++) {
        sigaction(caught_signals[i], &action, &before->actions[i]);
    }
}

static void release_signals(const signals *before)
{
    for (size_t i = 0; i < CAUGHT_COUNT; i++) {
        sigaction(caught_signals[i], &before->actions[i], NULL);
    }
    if (signal_caught != 0) {
        raise(signal_caught);
    }
    pthread_sigmask(SIG_SETMASK, &before->mask, NULL);
}

static answer read_without_echo(int fd, const char *prompt, char *out, size_t cap)
{
    struct termios before;
    if (tcgetattr(fd, &before) != 0) {
        return ENDED;
    }
    signals outside;
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    silent.c_cc[VSUSP] = _POSIX_VDISABLE; /* stopped here, the shell would have a terminal without echo */
    catch_signals(&outside);
    answer a = ENDED;
    if (tcsetattr(fd, TCSAFLUSH, &silent) == 0) {
        show(fd, prompt);
        a = read_line(fd, &outside.mask, out, cap);
        tcsetattr(fd, TCSAFLUSH, &before);
        show(fd, "\n");
    }
    release_signals(&outside);
    return a;
}

ls_result ls_terminal_secret(const char *prompt, char *out, size_t cap, ls_detail *detail)
{
    if (cap == 0) {
        return ls_fail(&ls_fault_bug);
    }
    int fd = open_terminal();
    if (fd < 0) {
        return ls_fail_with(&ls_fault_missing, detail, "there is no terminal to ask on");
    }
    answer a = read_without_echo(fd, prompt, out, cap);
    close(fd);
    if (a != ANSWERED) {
        sodium_memzero(out, cap);
    }
    switch (a) {
    case ANSWERED:
        return LS_SUCCESS;
    case TOO_LONG:
        return ls_fail_with(&ls_fault_large, detail, "the answer is longer than %zu bytes", cap - 1);
    default:
        return ls_fail_with(&ls_fault_missing, detail, "no answer came from the terminal");
    }
}

bool ls_terminal_confirm(const char *question)
{
    int fd = open_terminal();
    if (fd < 0) {
        return false;
    }
    char reply[16] = "";
    show(fd, question);
    answer a = read_line(fd, NULL, reply, sizeof reply);
    close(fd);
    return a == ANSWERED && (strcasecmp(reply, "y") == 0 || strcasecmp(reply, "yes") == 0);
}
