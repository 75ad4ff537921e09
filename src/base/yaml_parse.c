/*
 * From libfyaml's events to the tree of yaml.h. libfyaml finds the structure and the syntax errors; values are read by
 * yaml_scalar.c, duplicate keys, aliases and merge keys are resolved here, where it takes linear time.
 */
#include <errno.h>
#include <libfyaml.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml_tree.h"

/* A collection that is being read. */
struct frame {
        struct fw_yaml_node *node;
        size_t first_child; /* in builder.children */
        size_t column;      /* of the innermost block collection */
};

struct builder {
        struct fw_yaml *document;
        const struct fw_source_text *source;
        struct fw_str content;
        struct fw_diag *diag;
        FW_VEC(struct frame) frames;
        FW_VEC(const struct fw_yaml_node *)
        children; /* of all open collections; keys and values by turns in mappings */
        struct fw_map anchors;
        uint64_t aliased; /* nodes that aliases and merge keys have added */
        size_t last_end;  /* of the last token */
        bool failed;
        bool stopped; /* what follows would not be worth reading */
        bool had_document;
};

static void say(struct builder *builder, struct fw_location location, const char *format, ...) fw_printf(3, 4);

static void say(struct builder *builder, struct fw_location location, const char *format, ...)
{
        fw_cleanup(fw_buf_done) struct fw_buf message = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&message, format, args);
        va_end(args);
        fw_diag_add(builder->diag, FW_ERROR, location, "%s", fw_buf_c(&message));
        builder->failed = true;
}

static struct fw_location at_range(const struct builder *builder, size_t from, size_t to)
{
        return (struct fw_location){ .source = builder->source, .offset = from, .length = to > from ? to - from : 0 };
}

static struct fw_location at_token(const struct builder *builder, struct fy_token *token)
{
        const struct fy_mark *start = fy_token_start_mark(token), *end = fy_token_end_mark(token);
        return start && end ? at_range(builder, start->input_pos, end->input_pos)
                            : at_range(builder, builder->last_end, builder->last_end);
}

static struct fw_str token_text(struct fy_token *token)
{
        size_t len = 0;
        const char *text = token ? fy_token_get_text(token, &len) : NULL;
        return fw_str_n(text, text ? len : 0);
}

/* Gives a finished node to the collection that is open, or makes it the root. */
static void add_child(struct builder *builder, const struct fw_yaml_node *node)
{
        if (builder->frames.len > 0)
                fw_vec_push(&builder->children, node);
        else if (!builder->document->root)
                builder->document->root = node;
}

static struct fw_yaml_node *node_new(struct builder *builder, enum fw_yaml_kind kind, struct fy_event *event)
{
        struct fw_yaml_node *node = fw_arena_new_object(builder->document->arena, struct fw_yaml_node);
        node->kind = kind;
        node->source = builder->source;
        const struct fy_mark *start = fy_event_start_mark(event), *end = fy_event_end_mark(event);
        node->offset = start ? start->input_pos : builder->last_end;
        node->length = start && end && end->input_pos > start->input_pos ? end->input_pos - start->input_pos : 0;

        struct fw_str anchor = token_text(fy_event_get_anchor_token(event));
        if (anchor.len > 0)
                fw_map_put(&builder->anchors, fw_arena_copy(builder->document->arena, anchor), NULL)->pointer = node;
        return node;
}

/* YAML's own tags say what we read anyway; others would ask for a meaning that these files do not have. */
static bool check_tag(struct builder *builder, struct fy_event *event, struct fw_str *ret_tag)
{
        struct fy_token *token = fy_event_get_tag_token(event);
        *ret_tag = token_text(token);
        if (ret_tag->len == 0 || fw_str_starts(*ret_tag, FW_STR("tag:yaml.org,2002:")) ||
            fw_str_eq(*ret_tag, FW_STR("!")))
                return true;
        say(builder, at_token(builder, token),
            "tags have no meaning here; if '%.*s' is part of a text, put quotes around it",
            FW_STR_ARG(fw_utf8_cut(*ret_tag, 60)));
        return false;
}

static enum fw_yaml_style style_of(struct fy_token *token)
{
        switch (fy_token_scalar_style(token)) {
        case FYSS_SINGLE_QUOTED:
                return FW_YAML_SINGLE_QUOTED;
        case FYSS_DOUBLE_QUOTED:
                return FW_YAML_DOUBLE_QUOTED;
        case FYSS_LITERAL:
                return FW_YAML_LITERAL;
        case FYSS_FOLDED:
                return FW_YAML_FOLDED;
        default:
                return FW_YAML_PLAIN;
        }
}

static size_t line_start(struct fw_str content, size_t at)
{
        while (at > 0 && content.p[at - 1] != '\n' && content.p[at - 1] != '\r')
                at--;
        return at;
}

/* A block scalar's node stands for its first line of text. */
static void place_block(struct fw_yaml_node *node, struct fw_str content)
{
        size_t from = node->offset, end = from + node->length;
        while (from < end && fw_is_space(content.p[from]))
                from++;
        size_t to = from;
        while (to < end && content.p[to] != '\n' && content.p[to] != '\r')
                to++;
        node->offset = from;
        node->length = to - from;
}

static size_t current_column(const struct builder *builder)
{
        return builder->frames.len > 0 ? builder->frames.p[builder->frames.len - 1].column : 0;
}

static void read_block_header(struct builder *builder, struct fw_yaml_node *node)
{
        /* the header ends the line before the content */
        size_t header_end = node->offset;
        if (header_end > 0 && builder->content.p[header_end - 1] == '\n')
                header_end--;
        if (header_end > 0 && builder->content.p[header_end - 1] == '\r')
                header_end--;
        size_t header_line = line_start(builder->content, header_end);
        fw_yaml_scalar_read_header(&node->scalar, FW_MAX(header_line, FW_MIN(builder->last_end, header_end)),
                                   current_column(builder));
        place_block(node, builder->content);
}

static void read_value(struct builder *builder, struct fw_yaml_node *node)
{
        const struct fw_yaml_scalar *scalar = &node->scalar;
        if (fw_yaml_scalar_is_verbatim(scalar)) {
                node->text = fw_str_slice(builder->content, scalar->from, scalar->to);
                return;
        }
        fw_cleanup(fw_buf_done) struct fw_buf value = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_yaml_scalar_append_value(scalar, &value);
        node->text = fw_arena_copy(builder->document->arena, fw_buf_str(&value));
}

static bool means_null(struct fw_str text)
{
        return text.len == 0 || fw_str_eq(text, FW_STR("~")) || fw_str_eq(text, FW_STR("null")) ||
               fw_str_eq(text, FW_STR("Null")) || fw_str_eq(text, FW_STR("NULL"));
}

static void on_scalar(struct builder *builder, struct fy_event *event)
{
        struct fw_yaml_node *node = node_new(builder, FW_YAML_SCALAR, event);
        struct fw_str tag;
        (void) check_tag(builder, event, &tag);
        node->weight = 1;
        node->scalar = (struct fw_yaml_scalar){
                .content = builder->content,
                .from = node->offset,
                .to = node->offset + node->length,
                .style = style_of(event->scalar.value),
        };
        enum fw_yaml_style style = node->scalar.style;
        if (style == FW_YAML_LITERAL || style == FW_YAML_FOLDED)
                read_block_header(builder, node);
        read_value(builder, node);
        node->is_null = style == FW_YAML_PLAIN && means_null(node->text) && !fw_str_ends(tag, FW_STR(":str"));
        if (style == FW_YAML_SINGLE_QUOTED || style == FW_YAML_DOUBLE_QUOTED) {
                node->offset--;
                node->length += 2;
        }
        add_child(builder, node);
}

/* Counts what an alias or a merge key adds, so that a small file cannot become a huge document. */
static void count_aliased(struct builder *builder, uint64_t nodes, struct fw_location location)
{
        builder->aliased += nodes;
        if (builder->aliased <= FW_LIMIT_YAML_ALIASED_NODES || builder->stopped)
                return;
        say(builder, location, "aliases make this document larger than %zu values; write it with fewer of them",
            FW_LIMIT_YAML_ALIASED_NODES);
        builder->stopped = true;
}

static const struct fw_yaml_node *find_target(struct builder *builder, struct fw_str name, struct fw_location location)
{
        const union fw_map_value *found = fw_map_get(&builder->anchors, name);
        const struct fw_yaml_node *target = found ? found->pointer : NULL;
        if (!target) {
                say(builder, location,
                    "no '&%.*s' stands before this '*%.*s'; if it is meant as text, put quotes around it",
                    FW_STR_ARG(fw_utf8_cut(name, 60)), FW_STR_ARG(fw_utf8_cut(name, 60)));
                return NULL;
        }
        if (target->weight == 0) {
                say(builder, location, "'*%.*s' stands inside what it refers to", FW_STR_ARG(fw_utf8_cut(name, 60)));
                return NULL;
        }
        count_aliased(builder, target->weight, location);
        return target;
}

static void on_alias(struct builder *builder, struct fy_event *event)
{
        struct fy_token *token = event->alias.anchor;
        struct fw_location location = at_token(builder, token);
        const struct fw_yaml_node *target = find_target(builder, token_text(token), location);
        if (!target) {
                struct fw_yaml_node *missing = fw_arena_new_object(builder->document->arena, struct fw_yaml_node);
                *missing = (struct fw_yaml_node){ .source = builder->source, .offset = location.offset, .weight = 1 };
                missing->is_null = true;
                target = missing;
        }
        add_child(builder, target);
}

static void on_collection_start(struct builder *builder, struct fy_event *event, enum fw_yaml_kind kind)
{
        struct fw_str tag;
        (void) check_tag(builder, event, &tag);
        struct fw_yaml_node *node = node_new(builder, kind, event);
        if (builder->frames.len >= FW_LIMIT_NESTING) {
                say(builder, at_range(builder, node->offset, node->offset), "nested more than %d deep",
                    FW_LIMIT_NESTING);
                builder->stopped = true;
                return;
        }
        const struct fy_mark *start = fy_event_start_mark(event);
        bool flow = node->length > 0;
        struct frame frame = { .node = node, .first_child = builder->children.len };
        frame.column = flow || !start ? current_column(builder) : (size_t) start->column;
        fw_vec_push(&builder->frames, frame);
}

static bool is_merge_key(const struct fw_yaml_node *key)
{
        return key->kind == FW_YAML_SCALAR && key->scalar.style == FW_YAML_PLAIN && fw_str_eq(key->text, FW_STR("<<"));
}

/* Counts the pairs that a merge key's value brings; says what is wrong with it, and counts 0. */
static size_t check_merge(struct builder *builder, const struct fw_yaml_node *value)
{
        size_t pairs = fw_yaml_pairs(value);
        bool valid = value->kind == FW_YAML_MAPPING || value->kind == FW_YAML_SEQUENCE;
        for (size_t i = 0; i < fw_yaml_len(value); i++) {
                valid = valid && fw_yaml_element(value, i)->kind == FW_YAML_MAPPING;
                pairs += fw_yaml_pairs(fw_yaml_element(value, i));
        }
        if (!valid) {
                say(builder, fw_yaml_location(value), "'<<' takes a mapping or a list of mappings");
                return 0;
        }
        count_aliased(builder, pairs, fw_yaml_location(value));
        return pairs;
}

static void merge_mapping(struct builder *builder, struct fw_yaml_node *mapping, const struct fw_yaml_node *from)
{
        for (size_t i = 0; i < fw_yaml_pairs(from); i++)
                if (fw_yaml_find(mapping, fw_yaml_key(from, i)->text) == SIZE_MAX)
                        fw_yaml_add_pair(builder->document, mapping, fw_yaml_key(from, i), fw_yaml_value(from, i));
}

/* What stands in the mapping itself wins over what is merged, and earlier mappings of a list over later ones. */
static void merge(struct builder *builder, struct fw_yaml_node *mapping, const struct fw_yaml_node *value)
{
        merge_mapping(builder, mapping, value);
        for (size_t i = 0; i < fw_yaml_len(value); i++)
                merge_mapping(builder, mapping, fw_yaml_element(value, i));
}

static void add_pair(struct builder *builder, struct fw_yaml_node *mapping, const struct fw_yaml_node *key,
                     const struct fw_yaml_node *value)
{
        if (key->kind != FW_YAML_SCALAR) {
                say(builder, fw_yaml_location(key), "a key must be a string, but this is %s",
                    fw_yaml_kind_name(key->kind));
                return;
        }
        size_t first = fw_yaml_find(mapping, key->text);
        if (first != SIZE_MAX) {
                say(builder, fw_yaml_location(key), "'%.*s' is given twice", FW_STR_ARG(fw_utf8_cut(key->text, 60)));
                fw_diag_add(builder->diag, FW_NOTE, fw_yaml_location(mapping->pairs[first].key),
                            "here for the first time");
                return;
        }
        fw_yaml_add_pair(builder->document, mapping, key, value);
}

static void finish_mapping(struct builder *builder, struct fw_yaml_node *mapping,
                           const struct fw_yaml_node *const *children, size_t count)
{
        size_t room = count / 2;
        for (size_t i = 0; i + 1 < count; i += 2)
                if (is_merge_key(children[i]))
                        room += check_merge(builder, children[i + 1]);
        if (builder->stopped)
                return;
        mapping->pairs = fw_arena_new_array(builder->document->arena, struct fw_yaml_pair, room);
        for (size_t i = 0; i + 1 < count; i += 2)
                if (!is_merge_key(children[i]))
                        add_pair(builder, mapping, children[i], children[i + 1]);
        /* a wrong value for '<<' has made the document invalid, and nobody will read it */
        for (size_t i = 0; i + 1 < count && !builder->failed; i += 2)
                if (is_merge_key(children[i]))
                        merge(builder, mapping, children[i + 1]);
        if (mapping->len > 0) {
                mapping->offset = mapping->pairs[0].key->offset;
                mapping->length = mapping->pairs[0].key->length;
        }
}

static void on_collection_end(struct builder *builder)
{
        if (builder->frames.len == 0)
                return;
        struct frame frame = builder->frames.p[--builder->frames.len];
        size_t count = builder->children.len - frame.first_child;
        const struct fw_yaml_node *const *children = count > 0 ? &builder->children.p[frame.first_child] : NULL;
        uint64_t weight = 1;
        for (size_t i = 0; i < count; i++)
                weight += children[i]->weight;
        if (frame.node->kind == FW_YAML_MAPPING) {
                finish_mapping(builder, frame.node, children, count);
        } else {
                frame.node->elements = fw_arena_new_array(builder->document->arena, const struct fw_yaml_node *, count);
                if (count > 0)
                        memcpy(frame.node->elements, children, count * sizeof(*children));
                frame.node->len = count;
        }
        frame.node->weight = weight;
        builder->children.len = frame.first_child;
        add_child(builder, frame.node);
}

static void on_document(struct builder *builder, struct fy_event *event)
{
        const struct fy_mark *start = fy_event_start_mark(event);
        size_t at = start ? start->input_pos : builder->last_end;
        if (builder->had_document) {
                say(builder, at_range(builder, at, start ? at + 3 : at),
                    "a second document begins here; put it into a file of its own");
                builder->stopped = true;
        }
        builder->had_document = true;
}

static void on_event(struct builder *builder, struct fy_event *event)
{
        switch (event->type) {
        case FYET_DOCUMENT_START:
                on_document(builder, event);
                break;
        case FYET_SCALAR:
                on_scalar(builder, event);
                break;
        case FYET_ALIAS:
                on_alias(builder, event);
                break;
        case FYET_SEQUENCE_START:
                on_collection_start(builder, event, FW_YAML_SEQUENCE);
                break;
        case FYET_MAPPING_START:
                on_collection_start(builder, event, FW_YAML_MAPPING);
                break;
        case FYET_SEQUENCE_END:
        case FYET_MAPPING_END:
                on_collection_end(builder);
                break;
        default:
                break;
        }
        const struct fy_mark *end = fy_event_end_mark(event);
        if (end)
                builder->last_end = end->input_pos;
}

static void parse_events(struct builder *builder, struct fy_parser *parser)
{
        struct fy_event *event;
        while (!builder->stopped && (event = fy_parser_parse(parser))) {
                on_event(builder, event);
                fy_parser_event_free(parser, event);
        }
}

/* Passes libfyaml's messages on. */
static void report_syntax_errors(struct builder *builder, struct fy_diag *found)
{
        void *position = NULL;
        struct fy_diag_error *error;
        while ((error = fy_diag_errors_iterate(found, &position))) {
                if (error->type != FYET_ERROR)
                        continue;
                size_t offset = fw_yaml_offset_of(builder->content, (size_t) error->line, (size_t) error->column);
                builder->failed = true;
                fw_yaml_say_syntax_error(builder->source, offset, error->msg, builder->diag);
                /* a bracket that was never closed is noticed far behind it */
                const struct fw_yaml_node *open =
                        builder->frames.len > 0 ? builder->frames.p[builder->frames.len - 1].node : NULL;
                if (open && open->length > 0 && open->offset < offset)
                        fw_diag_add(builder->diag, FW_NOTE, fw_yaml_location(open), "opened here");
        }
}

static void ignore_output(struct fy_diag *found, void *userdata, const char *text, size_t len)
{
        (void) found;
        (void) userdata;
        (void) text;
        (void) len;
}

static void parse_content(struct builder *builder)
{
        struct fy_diag_cfg diag_config = { 0 };
        fy_diag_cfg_default(&diag_config);
        diag_config.fp = NULL;
        diag_config.output_fn = ignore_output;
        struct fy_diag *found = fy_diag_create(&diag_config);
        if (!found)
                fw_out_of_memory(sizeof(diag_config));
        fy_diag_set_collect_errors(found, true);

        const struct fy_parse_cfg config = { .flags = FYPCF_JSON_NONE | FYPCF_DEFAULT_VERSION_1_2, .diag = found };
        struct fy_parser *parser = fy_parser_create(&config);
        if (!parser || fy_parser_set_string(parser, builder->content.p, builder->content.len) < 0)
                fw_out_of_memory(sizeof(config));
        parse_events(builder, parser);
        if (!builder->stopped)
                report_syntax_errors(builder, found);
        fy_parser_destroy(parser);
        fy_diag_destroy(found);
}

int fw_yaml_parse(struct fw_str name, struct fw_str content, struct fw_diag *diag, struct fw_yaml **ret_document)
{
        const struct fw_source_text *source = fw_diag_source(diag, name, content);
        if (!fw_yaml_check_bytes(source, diag))
                return -EINVAL;

        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = fw_calloc(1, sizeof(*document));
        document->arena = fw_arena_new();
        struct builder builder = {
                .document = document,
                .source = source,
                .content = fw_source_content(source),
                .diag = diag,
        };
        parse_content(&builder);
        fw_vec_done(&builder.frames);
        fw_vec_done(&builder.children);
        fw_map_done(&builder.anchors);
        if (builder.failed)
                return -EINVAL;
        *ret_document = document;
        document = NULL;
        return 0;
}
