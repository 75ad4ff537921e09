#include "desktop/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/hash.h"

/* An event's id is a number; anything longer in the file is not ours. */
#define ID_BYTES 32

struct fw_place {
        char *path;
        char *event_id;
        int lock_fd;
};

static char *read_id(const char *path)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(ID_BYTES);
        uint64_t number;
        if (fw_file_read(path, &content) < 0 || fw_str_to_u64(fw_str_trim(fw_buf_str(&content)), &number) < 0)
                return fw_strdup("");
        return fw_asprintf("%llu", (unsigned long long) number);
}

static int take_lock(const char *path)
{
        fw_cleanup(fw_freep) char *lock_path = fw_asprintf("%s.lock", path);
        fw_cleanup(fw_closep) int fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
                return -errno;
        int taken = fd;
        fd = -1;
        return taken;
}

int fw_place_open(const char *state_dir, const char *socket_path, struct fw_place **ret_place)
{
        int r = fw_mkdir_all(state_dir, 0700);
        if (r < 0)
                return r;
        fw_cleanup(fw_freep) char *name =
                fw_asprintf("desktop-%016llx", (unsigned long long) fw_hash64(fw_str_c(socket_path)));
        fw_cleanup(fw_freep) char *path = fw_path_join(state_dir, name);
        int lock_fd = take_lock(path);
        if (lock_fd < 0)
                return lock_fd;
        struct fw_place *place = fw_calloc(1, sizeof(*place));
        *place = (struct fw_place){ .path = path, .event_id = read_id(path), .lock_fd = lock_fd };
        path = NULL;
        *ret_place = place;
        return 0;
}

struct fw_place *fw_place_free(struct fw_place *place)
{
        if (!place)
                return NULL;
        fw_closep(&place->lock_fd);
        free(place->path);
        free(place->event_id);
        free(place);
        return NULL;
}

const char *fw_place_get(const struct fw_place *place)
{
        return place->event_id;
}

int fw_place_set(struct fw_place *place, struct fw_str event_id)
{
        free(place->event_id);
        place->event_id = fw_strndup(event_id.p, event_id.len);
        fw_cleanup(fw_freep) char *line = fw_asprintf("%s\n", place->event_id);
        return fw_file_replace(place->path, fw_str_c(line), 0600);
}
