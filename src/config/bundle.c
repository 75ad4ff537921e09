/*
 * bundle: the contents of rule, entity and word-list files at one moment.
 *
 * The flat form is a header (magic, version, number of files, length of the global `unless`), the `unless`, and then for each
 * file a record (kind, error, three lengths) followed by its name, the rule file that names it, and its content. Numbers are in this
 * machine's order: it goes to another process, never to another machine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/vec.h"
#include "base/yaml.h"
#include "config/config.h"
#include "config/patterns.h"

#define MAGIC   0x42525746u /* "FWRB" */
#define VERSION 1u
/* As the kernel has it: MAX_ERRNO. */
#define ERRNO_LARGEST 4095

enum file_kind {
        RULE_FILE,
        ENTITY_FILE,
        WORD_LIST, /* `name` is the path as `from` writes it */
        KINDS_LEN,
};

struct bundle_file {
        enum file_kind kind;
        int error; /* a word list that cannot be read: negative errno */
        struct fw_str name, from, content;
        struct fw_str path; /* where it was read; not in the flat form */
};

struct fw_rule_bundle {
        struct fw_arena *arena;
        struct fw_str unless;
        FW_VEC(struct bundle_file) files;
};

struct fw_rule_bundle *fw_rule_bundle_free(struct fw_rule_bundle *bundle)
{
        if (!bundle)
                return NULL;
        fw_vec_done(&bundle->files);
        fw_arena_free(bundle->arena);
        free(bundle);
        return NULL;
}

static struct fw_rule_bundle *bundle_new(void)
{
        struct fw_rule_bundle *bundle = fw_calloc(1, sizeof(*bundle));
        bundle->arena = fw_arena_new();
        return bundle;
}

/* ---- reading files ---- */

/* fw_file_read() or fw_file_read_any(). */
typedef int file_reader(const char *path, struct fw_buf *out);

static int read_content(struct fw_rule_bundle *bundle, file_reader *read, const char *path, struct fw_str *ret_content)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_LIMIT_CONFIG_FILE_BYTES);
        int r = read(path, &content);
        if (r >= 0)
                *ret_content = fw_arena_copy(bundle->arena, fw_buf_str(&content));
        return r;
}

static bool has_word_list(const struct fw_rule_bundle *bundle, struct fw_str from, struct fw_str name)
{
        for (size_t i = bundle->files.len; i-- > 0;)
                if (bundle->files.p[i].kind == WORD_LIST && fw_str_eq(bundle->files.p[i].name, name) &&
                    fw_str_eq(bundle->files.p[i].from, from))
                        return true;
        return false;
}

static void read_word_list(struct fw_rule_bundle *bundle, struct fw_str from, struct fw_str from_path,
                           struct fw_str name)
{
        if (fw_str_empty(name) || has_word_list(bundle, from, name))
                return;
        struct bundle_file file = { .kind = WORD_LIST, .name = fw_arena_copy(bundle->arena, name), .from = from };
        fw_cleanup(fw_freep) char *rule_path = fw_strndup(from_path.p, from_path.len);
        fw_cleanup(fw_freep) char *folder = fw_path_parent(rule_path);
        fw_cleanup(fw_freep) char *path = fw_path_join(folder, file.name.p);
        file.path = fw_str_c(fw_arena_strdup(bundle->arena, path));
        file.error = read_content(bundle, fw_file_read, path, &file.content);
        fw_vec_push(&bundle->files, file);
}

/* Every `{file: …}` under `define`. What is wrong with the file is said by the compiler. */
static void read_word_lists(struct fw_rule_bundle *bundle, struct fw_str from, struct fw_str from_path,
                            struct fw_str content)
{
        if (fw_str_find(content, FW_STR("define"), 0) == SIZE_MAX)
                return;
        fw_cleanup(fw_diag_freep) struct fw_diag *unheard = fw_diag_new();
        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = NULL;
        if (fw_yaml_parse(from, content, unheard, &document) < 0 || !fw_yaml_root(document))
                return;
        const struct fw_yaml_node *define = fw_yaml_get(fw_yaml_root(document), "define");
        for (size_t i = 0; define && i < fw_yaml_pairs(define); i++) {
                const struct fw_yaml_node *file = fw_yaml_get(fw_yaml_value(define, i), "file");
                if (file)
                        read_word_list(bundle, from, from_path, fw_yaml_text(file));
        }
}

static int read_file(struct fw_rule_bundle *bundle, enum file_kind kind, file_reader *read, const char *path,
                     struct fw_str shown, struct fw_diag *diag)
{
        struct bundle_file file = { .kind = kind, .name = fw_arena_copy(bundle->arena, shown) };
        file.path = fw_str_c(fw_arena_strdup(bundle->arena, path));
        int r = read_content(bundle, read, path, &file.content);
        if (r < 0) {
                fw_cleanup(fw_freep) char *why = fw_file_error(r);
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "cannot read the %s file '%.*s': %s",
                            kind == RULE_FILE ? "rule" : "entity", FW_STR_ARG(shown), why);
                return r;
        }
        fw_vec_push(&bundle->files, file);
        if (kind == RULE_FILE)
                read_word_lists(bundle, file.name, file.path, file.content);
        return 0;
}

static int read_found(struct fw_rule_bundle *bundle, enum file_kind kind, const struct fw_str *paths, size_t len,
                      struct fw_diag *diag)
{
        int result = 0;
        for (size_t i = 0; i < len; i++)
                if (read_file(bundle, kind, fw_file_read, paths[i].p, fw_shown_path(paths[i], bundle->arena), diag) < 0)
                        result = -EINVAL;
        return result;
}

int fw_config_read_rules(const struct fw_config *config, struct fw_diag *diag, struct fw_rule_bundle **ret_bundle)
{
        fw_cleanup(fw_rule_bundle_freep) struct fw_rule_bundle *bundle = bundle_new();
        bundle->unless = fw_arena_copy(bundle->arena, config->unless);
        int rules = read_found(bundle, RULE_FILE, config->rule_paths, config->rule_paths_len, diag);
        int entities = read_found(bundle, ENTITY_FILE, config->entity_paths, config->entity_paths_len, diag);
        if (rules < 0 || entities < 0)
                return -EINVAL;
        *ret_bundle = bundle;
        bundle = NULL;
        return 0;
}

static int read_named(struct fw_rule_bundle *bundle, enum file_kind kind, const char *const *names, size_t len,
                      struct fw_diag *diag)
{
        int result = 0;
        for (size_t i = 0; i < len; i++) {
                struct fw_str name = fw_str_c(names[i]);
                fw_cleanup(fw_freep) char *builtin = NULL;
                if (kind == ENTITY_FILE && fw_str_starts(name, FW_STR("builtin:"))) {
                        builtin = fw_builtin_path(fw_str_slice(name, strlen("builtin:"), name.len));
                        if (!builtin)
                                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "there is no builtin gazetteer '%s'", names[i]);
                }
                if (!builtin && kind == ENTITY_FILE && fw_str_starts(name, FW_STR("builtin:")))
                        result = -EINVAL;
                else if (read_file(bundle, kind, fw_file_read_any, builtin ? builtin : names[i], name, diag) < 0)
                        result = -EINVAL;
        }
        return result;
}

int fw_rule_bundle_read_files(const char *const *rules, size_t rules_len, const char *const *entities,
                              size_t entities_len, struct fw_diag *diag, struct fw_rule_bundle **ret_bundle)
{
        fw_cleanup(fw_rule_bundle_freep) struct fw_rule_bundle *bundle = bundle_new();
        int r = read_named(bundle, RULE_FILE, rules, rules_len, diag);
        int r_entities = read_named(bundle, ENTITY_FILE, entities, entities_len, diag);
        if (r < 0 || r_entities < 0)
                return -EINVAL;
        *ret_bundle = bundle;
        bundle = NULL;
        return 0;
}

bool fw_rule_bundle_word_list(const struct fw_rule_bundle *bundle, size_t index, struct fw_str *ret_path)
{
        for (size_t i = 0; i < bundle->files.len; i++) {
                if (bundle->files.p[i].kind != WORD_LIST || index-- > 0)
                        continue;
                *ret_path = bundle->files.p[i].path;
                return true;
        }
        return false;
}

/* ---- compiling ---- */

static int give_word_list(void *userdata, struct fw_str from, struct fw_str path, struct fw_str *ret_content)
{
        const struct fw_rule_bundle *bundle = userdata;
        for (size_t i = 0; i < bundle->files.len; i++) {
                const struct bundle_file *file = &bundle->files.p[i];
                if (file->kind != WORD_LIST || !fw_str_eq(file->name, path) || !fw_str_eq(file->from, from))
                        continue;
                if (file->error == 0)
                        *ret_content = file->content;
                return file->error;
        }
        return -ENOENT;
}

static size_t collect(const struct fw_rule_bundle *bundle, enum file_kind kind, struct fw_rule_file *files)
{
        size_t len = 0;
        for (size_t i = 0; i < bundle->files.len; i++)
                if (bundle->files.p[i].kind == kind)
                        files[len++] = (struct fw_rule_file){ bundle->files.p[i].name, bundle->files.p[i].content };
        return len;
}

static void describe_world(const struct fw_config *config, struct fw_arena *arena, struct fw_rule_world *world)
{
        struct fw_str *channels = fw_arena_new_array(arena, struct fw_str, config->channels_len + 1);
        struct fw_rule_feed *feeds = fw_arena_new_array(arena, struct fw_rule_feed, config->feeds_len + 1);
        for (size_t i = 0; i < config->channels_len; i++)
                channels[i] = config->channels[i].name;
        for (size_t i = 0; i < config->feeds_len; i++)
                feeds[i] = (struct fw_rule_feed){
                        .id = config->feeds[i].id,
                        .url = config->feeds[i].url,
                        .title = config->feeds[i].title,
                        .tags = config->feeds[i].tags,
                        .tags_len = config->feeds[i].tags_len,
                };
        *world = (struct fw_rule_world){ channels, config->channels_len, feeds, config->feeds_len };
}

int fw_rule_bundle_compile(const struct fw_rule_bundle *bundle, const struct fw_config *config, struct fw_diag *diag,
                           struct fw_ruleset **ret_ruleset)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_rule_file *rules = fw_arena_new_array(arena, struct fw_rule_file, bundle->files.len + 1);
        struct fw_rule_file *entities = fw_arena_new_array(arena, struct fw_rule_file, bundle->files.len + 1);
        struct fw_rule_world world;
        if (config)
                describe_world(config, arena, &world);
        const struct fw_rule_sources sources = {
                .rules = rules,
                .rules_len = collect(bundle, RULE_FILE, rules),
                .entities = entities,
                .entities_len = collect(bundle, ENTITY_FILE, entities),
                .unless = bundle->unless,
                .unless_location = config ? config->unless_location : FW_NOWHERE,
                .world = config ? &world : NULL,
                .read_file = give_word_list,
                .userdata = (void *) bundle,
        };
        return fw_ruleset_compile(&sources, diag, ret_ruleset);
}

/* ---- the flat form ---- */

struct flat_header {
        uint32_t magic, version;
        uint64_t files_len, unless_bytes;
};

struct flat_file {
        uint32_t kind;
        int32_t error;
        uint64_t name_bytes, from_bytes, content_bytes;
};

static void append_raw(struct fw_buf *out, const void *object, size_t size)
{
        (void) fw_buf_append(out, fw_str_n(object, size));
}

int fw_rule_bundle_write(const struct fw_rule_bundle *bundle, struct fw_buf *out)
{
        const struct flat_header header = { MAGIC, VERSION, bundle->files.len, bundle->unless.len };
        append_raw(out, &header, sizeof(header));
        (void) fw_buf_append(out, bundle->unless);
        for (size_t i = 0; i < bundle->files.len; i++) {
                const struct bundle_file *file = &bundle->files.p[i];
                const struct flat_file flat = { file->kind, file->error, file->name.len, file->from.len,
                                                file->content.len };
                append_raw(out, &flat, sizeof(flat));
                (void) fw_buf_append(out, file->name);
                (void) fw_buf_append(out, file->from);
                (void) fw_buf_append(out, file->content);
        }
        return out->error;
}

static bool take_raw(struct fw_str *rest, void *object, size_t size)
{
        if (rest->len < size)
                return false;
        memcpy(object, rest->p, size);
        *rest = fw_str_slice(*rest, size, rest->len);
        return true;
}

static bool take_text(struct fw_str *rest, uint64_t len, struct fw_arena *arena, struct fw_str *ret_text)
{
        if (rest->len < len)
                return false;
        *ret_text = fw_arena_copy(arena, fw_str_slice(*rest, 0, (size_t) len));
        *rest = fw_str_slice(*rest, (size_t) len, rest->len);
        return true;
}

static bool take_file(struct fw_str *rest, struct fw_rule_bundle *bundle)
{
        struct flat_file flat;
        struct bundle_file file = { 0 };
        if (!take_raw(rest, &flat, sizeof(flat)) || flat.kind >= KINDS_LEN || flat.error > 0 ||
            flat.error < -ERRNO_LARGEST)
                return false;
        file.kind = flat.kind;
        file.error = flat.error;
        if (!take_text(rest, flat.name_bytes, bundle->arena, &file.name) ||
            !take_text(rest, flat.from_bytes, bundle->arena, &file.from) ||
            !take_text(rest, flat.content_bytes, bundle->arena, &file.content))
                return false;
        fw_vec_push(&bundle->files, file);
        return true;
}

int fw_rule_bundle_parse(struct fw_str bytes, struct fw_rule_bundle **ret_bundle)
{
        fw_cleanup(fw_rule_bundle_freep) struct fw_rule_bundle *bundle = bundle_new();
        struct flat_header header;
        struct fw_str rest = bytes;
        if (!take_raw(&rest, &header, sizeof(header)) || header.magic != MAGIC || header.version != VERSION ||
            !take_text(&rest, header.unless_bytes, bundle->arena, &bundle->unless))
                return -EBADMSG;
        for (uint64_t i = 0; i < header.files_len; i++)
                if (!take_file(&rest, bundle))
                        return -EBADMSG;
        if (rest.len > 0)
                return -EBADMSG;
        *ret_bundle = bundle;
        bundle = NULL;
        return 0;
}
