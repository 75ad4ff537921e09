/*
 * credential: secrets, which never stand in the configuration itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"

bool fw_credential_name_is_valid(struct fw_str name)
{
        for (size_t i = 0; i < name.len; i++)
                if (!fw_is_alpha(name.p[i]) && !fw_is_digit(name.p[i]) && !strchr("._-", name.p[i]))
                        return false;
        return name.len > 0 && name.len <= 255 && name.p[0] != '.';
}

static int read_secret(int fd, struct fw_buf *out)
{
        int r = fw_fd_read_all(fd, out);
        while (r >= 0 && out->len > 0 && (out->p[out->len - 1] == '\n' || out->p[out->len - 1] == '\r'))
                out->p[--out->len] = '\0';
        return r;
}

/* A file beside the configuration: ours or root's, and nobody else's to read. */
static int check_mode(int fd, const char *path, struct fw_diag *diag)
{
        struct stat status;
        if (fstat(fd, &status) < 0)
                return -errno;
        if (!S_ISREG(status.st_mode)) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "the credential '%s' is no regular file", path);
                return -EPERM;
        }
        if ((status.st_mode & 077) != 0) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "the credential '%s' can be read by others: 'chmod 600 %s'",
                            path, path);
                return -EPERM;
        }
        return 0;
}

static int read_beside(const struct fw_paths *paths, struct fw_str name, struct fw_diag *diag, struct fw_buf *out)
{
        fw_cleanup(fw_freep) char *path = fw_asprintf("%s/credentials.d/%.*s", paths->config_dir, FW_STR_ARG(name));
        fw_cleanup(fw_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0) {
                int r = -errno;
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                            "there is no credential '%.*s': neither from systemd (LoadCredential=) nor in '%s': %s",
                            FW_STR_ARG(name), path, strerror(-r));
                return r == -EACCES ? -EPERM : -ENOENT;
        }
        int r = check_mode(fd, path, diag);
        return r < 0 ? r : read_secret(fd, out);
}

int fw_credential_read(const struct fw_paths *paths, struct fw_str name, struct fw_diag *diag, struct fw_buf *out)
{
        if (!fw_credential_name_is_valid(name)) {
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "'%.*s' cannot be a credential's name", FW_STR_ARG(name));
                return -EINVAL;
        }
        if (paths->credentials_dir) {
                fw_cleanup(fw_freep) char *path = fw_asprintf("%s/%.*s", paths->credentials_dir, FW_STR_ARG(name));
                fw_cleanup(fw_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
                if (fd >= 0)
                        return read_secret(fd, out);
        }
        return read_beside(paths, name, diag, out);
}

/* ---- for HTTP ---- */

/* RFC 4648, section 4. */
static int append_base64(struct fw_buf *out, struct fw_str bytes)
{
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (size_t i = 0; i < bytes.len; i += 3) {
                size_t left = FW_MIN(bytes.len - i, 3);
                unsigned group = 0;
                for (size_t k = 0; k < 3; k++)
                        group = group << 8 | (k < left ? (unsigned char) bytes.p[i + k] : 0);
                for (size_t k = 0; k < 4; k++)
                        (void) fw_buf_append_byte(out, k <= left ? digits[group >> (18 - 6 * k) & 63] : '=');
        }
        return out->error;
}

int fw_credential_authorization(const struct fw_paths *paths, struct fw_str name, struct fw_diag *diag,
                                struct fw_buf *out)
{
        fw_cleanup(fw_buf_done) struct fw_buf secret = FW_BUF_INIT(FW_LIMIT_CREDENTIAL_BYTES);
        int r = fw_credential_read(paths, name, diag, &secret);
        if (r < 0)
                return r;
        struct fw_str text = fw_buf_str(&secret);
        for (size_t i = 0; i < text.len; i++) {
                if ((unsigned char) text.p[i] < 0x20 || text.p[i] == 0x7f) {
                        fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "the credential '%.*s' has more than one line",
                                    FW_STR_ARG(name));
                        return -EINVAL;
                }
        }
        static const char *const schemes[] = { "Basic ", "Bearer ", "Token " };
        for (size_t i = 0; i < FW_ARRAY_LEN(schemes); i++)
                if (fw_str_starts_nocase(text, fw_str_c(schemes[i])))
                        return fw_buf_append(out, text);
        if (fw_str_find_byte(text, ':', 0) != SIZE_MAX) {
                (void) fw_buf_append_c(out, "Basic ");
                return append_base64(out, text);
        }
        (void) fw_buf_append_c(out, "Bearer ");
        return fw_buf_append(out, text);
}
