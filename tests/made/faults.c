/* Faults of a disk, and deaths of a process, at a chosen call. LD_PRELOAD puts these functions before the C library's.

   Only calls on files below one folder count, in all threads and child processes together. The n-th call of the chosen
   kinds fails, or is the last thing that the processes do. `faults.py` compiles this file and sets the variables:

     FAULTS_FOLDER  the folder
     FAULTS_STATE   a file of two numbers of 8 bytes: calls counted, and whether the fault happened
     FAULTS_KINDS   which calls count: letters of enum kind
     FAULTS_AT      number of the call, from 1
     FAULTS_ERROR   errno of the call, which is then not made; 0: it is made, and the process group killed after it
     FAULTS_LASTING whether all later calls fail as well: 0 or 1

   The C library is declared here, since its headers would have to be built first: that takes 15 seconds. */

#include <stddef.h>
#include <stdint.h>

enum kind { WRITE = 'w', SYNC = 's', RENAME = 'r', MAKE = 'm', REMOVE = 'd', CUT = 'c' };

enum { LONGEST = 4096, SIGKILL = 9, O_RDWR = 2, AT_FDCWD = -100, PROT_READ_WRITE = 3, MAP_SHARED = 1 };

extern char *getenv(const char *);
extern long strtol(const char *, char **, int);
extern size_t strlen(const char *);
extern char *strchr(const char *, int);
extern char *getcwd(char *, size_t);
extern ptrdiff_t readlink(const char *, char *, size_t);
extern int snprintf(char *, size_t, const char *, ...);
extern int strncmp(const char *, const char *, size_t);
extern int open(const char *, int, ...);
extern int close(int);
extern void *mmap(void *, size_t, int, int, int, int64_t);
extern int getpgrp(void);
extern int kill(int, int);
extern int *__errno_location(void);
extern void *dlsym(void *, const char *);

struct state {
  int64_t seen, happened;
};

static struct state *state;
static const char *folder, *kinds;
static long at, error, lasting;
static int group;

static long number(const char *name) { return strtol(getenv(name), NULL, 10); }

__attribute__((constructor)) static void begin(void) {
  folder = getenv("FAULTS_FOLDER");
  kinds = getenv("FAULTS_KINDS");
  at = number("FAULTS_AT");
  error = number("FAULTS_ERROR");
  lasting = number("FAULTS_LASTING");
  group = getpgrp();
  int file = open(getenv("FAULTS_STATE"), O_RDWR);
  void *mapped = mmap(NULL, sizeof *state, PROT_READ_WRITE, MAP_SHARED, file, 0);
  state = mapped == (void *)-1 ? NULL : mapped;
  close(file);
}

/* Counts a call, and returns its number; 0 if it is none of those that count. */
static long counted(enum kind kind, const char *path) {
  size_t length = folder ? strlen(folder) : 0;
  int below = state && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
  return below && strchr(kinds, (int)kind) ? __atomic_add_fetch(&state->seen, 1, __ATOMIC_SEQ_CST) : 0;
}

static long counted_file(enum kind kind, int file) {
  char link[64], path[LONGEST] = "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  return readlink(link, path, sizeof path - 1) > 0 ? counted(kind, path) : 0;
}

static long counted_name(enum kind kind, int place, const char *name) {
  char link[64], start[LONGEST] = "", path[2 * LONGEST];
  if (name[0] == '/')
    return counted(kind, name);
  snprintf(link, sizeof link, "/proc/self/fd/%d", place);
  if (place == AT_FDCWD ? !getcwd(start, sizeof start) : readlink(link, start, sizeof start - 1) < 0)
    return 0;
  snprintf(path, sizeof path, "%s/%s", start, name);
  return counted(kind, path);
}

/* Whether the call with this number fails. If so, errno is set. */
static int fails(long call) {
  if (!call || !error || call < at || (call > at && !lasting))
    return 0;
  state->happened = 1;
  *__errno_location() = (int)error;
  return 1;
}

/* Ends the processes if the call with this number, which is done, was to be the last. */
static void end_after(long call) {
  if (!call || error || call != at)
    return;
  state->happened = 1;
  kill(-group, SIGKILL);
}

/* Defines a function that stands before the C library's: type, name, its parameters, the same as arguments, what counts
   the call, and what it returns if it fails. */
#define BEFORE(type, name, parameters, arguments, count, failed)                                                       \
  type name parameters {                                                                                               \
    static type(*next) parameters;                                                                                     \
    if (!next)                                                                                                         \
      next = (type(*) parameters)dlsym((void *)-1, #name);                                                             \
    long call = count;                                                                                                 \
    if (fails(call))                                                                                                   \
      return failed;                                                                                                   \
    type result = next arguments;                                                                                      \
    end_after(call);                                                                                                   \
    return result;                                                                                                     \
  }

#define ON_FILE(type, name, kind, parameters, arguments)                                                               \
  BEFORE(type, name, parameters, arguments, counted_file(kind, file), -1)

ON_FILE(ptrdiff_t, write, WRITE, (int file, const void *data, size_t size), (file, data, size))
ON_FILE(ptrdiff_t, pwrite, WRITE, (int file, const void *data, size_t size, int64_t to), (file, data, size, to))
ON_FILE(ptrdiff_t, pwrite64, WRITE, (int file, const void *data, size_t size, int64_t to), (file, data, size, to))
ON_FILE(ptrdiff_t, writev, WRITE, (int file, const void *parts, int count), (file, parts, count))
ON_FILE(ptrdiff_t, pwritev, WRITE, (int file, const void *parts, int count, int64_t to), (file, parts, count, to))
ON_FILE(ptrdiff_t, pwritev64, WRITE, (int file, const void *parts, int count, int64_t to), (file, parts, count, to))
ON_FILE(int, fallocate, WRITE, (int file, int mode, int64_t from, int64_t size), (file, mode, from, size))
ON_FILE(int, fallocate64, WRITE, (int file, int mode, int64_t from, int64_t size), (file, mode, from, size))
ON_FILE(int, fsync, SYNC, (int file), (file))
ON_FILE(int, fdatasync, SYNC, (int file), (file))
ON_FILE(int, ftruncate, CUT, (int file, int64_t size), (file, size))
ON_FILE(int, ftruncate64, CUT, (int file, int64_t size), (file, size))

/* These return the error. */
BEFORE(int, posix_fallocate, (int file, int64_t from, int64_t size), (file, from, size), counted_file(WRITE, file),
       (int)error)
BEFORE(int, posix_fallocate64, (int file, int64_t from, int64_t size), (file, from, size), counted_file(WRITE, file),
       (int)error)

BEFORE(int, rename, (const char *from, const char *to), (from, to), counted_name(RENAME, AT_FDCWD, to), -1)
BEFORE(int, renameat, (int place, const char *from, int other, const char *to), (place, from, other, to),
       counted_name(RENAME, other, to), -1)
BEFORE(int, renameat2, (int place, const char *from, int other, const char *to, unsigned flags),
       (place, from, other, to, flags), counted_name(RENAME, other, to), -1)
BEFORE(int, unlink, (const char *name), (name), counted_name(REMOVE, AT_FDCWD, name), -1)
BEFORE(int, unlinkat, (int place, const char *name, int flags), (place, name, flags),
       counted_name(REMOVE, place, name), -1)
BEFORE(int, remove, (const char *name), (name), counted_name(REMOVE, AT_FDCWD, name), -1)
BEFORE(int, rmdir, (const char *name), (name), counted_name(REMOVE, AT_FDCWD, name), -1)
BEFORE(int, mkdir, (const char *name, unsigned mode), (name, mode), counted_name(MAKE, AT_FDCWD, name), -1)
BEFORE(int, mkdirat, (int place, const char *name, unsigned mode), (place, name, mode),
       counted_name(MAKE, place, name), -1)
