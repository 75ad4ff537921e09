/*
 * match: which items of a feed does a rule file match? An example of libfeedwatch.
 *
 *     cc match.c $(pkg-config --cflags --libs feedwatch) -o match
 *     ./match rules.yaml [entities.yaml …] < feed.xml
 */
#include <stdio.h>
#include <stdlib.h>

#include <feedwatch/feedwatch.h>

/* The whole of an open file; the example ends when it cannot be read. */
static char *read_all(FILE *file, size_t *ret_size)
{
        char *content = NULL;
        size_t size = 0, room = 0;
        for (;;) {
                if (room - size < 4096) {
                        room = room ? room * 2 : 65536;
                        content = realloc(content, room);
                        if (!content)
                                abort();
                }
                size_t got = fread(content + size, 1, room - size, file);
                size += got;
                if (got == 0)
                        break;
        }
        if (ferror(file)) {
                perror("cannot read");
                exit(EXIT_FAILURE);
        }
        *ret_size = size;
        return content;
}

static char *read_file(const char *path, size_t *ret_size)
{
        FILE *file = fopen(path, "rb");
        if (!file) {
                perror(path);
                exit(EXIT_FAILURE);
        }
        char *content = read_all(file, ret_size);
        fclose(file);
        return content;
}

static void print_diagnostics(const struct feedwatch_diagnostics *diagnostics)
{
        char *text = feedwatch_diagnostics_render(diagnostics);
        fputs(text, stderr);
        feedwatch_free(text);
}

static struct feedwatch_rules *compile(char **paths, struct feedwatch_diagnostics *diagnostics)
{
        struct feedwatch_sources *sources = feedwatch_sources_new();
        for (int i = 0; paths[i]; i++) {
                size_t size;
                char *content = read_file(paths[i], &size);
                if (i == 0)
                        feedwatch_sources_add_rules(sources, paths[i], content, size);
                else
                        feedwatch_sources_add_entities(sources, paths[i], content, size);
                free(content);
        }
        struct feedwatch_rules *rules = NULL;
        (void) feedwatch_rules_compile(sources, diagnostics, &rules);
        feedwatch_sources_free(sources);
        return rules;
}

static void print_text(struct feedwatch_text text)
{
        fwrite(text.data, 1, text.size, stdout);
}

static void print_match(const struct feedwatch_matcher *matcher, size_t match, const struct feedwatch_rules *rules,
                        const struct feedwatch_document *document)
{
        print_text(feedwatch_rules_id(rules, feedwatch_match_rule(matcher, match)));
        for (size_t i = 0; i < feedwatch_match_hits(matcher, match); i++) {
                struct feedwatch_hit hit = feedwatch_match_hit(matcher, match, i);
                struct feedwatch_text value = feedwatch_document_value(document, hit.value);
                printf(" [");
                print_text((struct feedwatch_text){ value.data + hit.start, hit.end - hit.start });
                printf("]");
        }
        printf("\n");
}

static void match_items(const struct feedwatch_feed *feed, struct feedwatch_rules *rules)
{
        struct feedwatch_matcher *matcher = feedwatch_matcher_new(rules);
        struct feedwatch_document *document = feedwatch_document_new();
        for (size_t item = 0; item < feedwatch_feed_items(feed); item++) {
                feedwatch_document_reset(document);
                feedwatch_document_add_item(document, feed, item);
                size_t matches = feedwatch_match(matcher, document);
                for (size_t i = 0; i < matches; i++) {
                        print_text(feedwatch_item_text(feed, item, FEEDWATCH_ITEM_TITLE));
                        printf(": ");
                        print_match(matcher, i, rules, document);
                }
        }
        feedwatch_document_free(document);
        feedwatch_matcher_free(matcher);
}

int main(int argc, char **argv)
{
        if (argc < 2) {
                fprintf(stderr, "usage: match RULES.yaml [ENTITIES.yaml …] < FEED\n");
                return 2;
        }
        struct feedwatch_diagnostics *diagnostics = feedwatch_diagnostics_new();
        struct feedwatch_rules *rules = compile(argv + 1, diagnostics);
        struct feedwatch_feed *feed = NULL;
        size_t size;
        char *body = read_all(stdin, &size);
        if (rules)
                (void) feedwatch_feed_parse(body, size, NULL, NULL, diagnostics, &feed);
        print_diagnostics(diagnostics);
        if (feed)
                match_items(feed, rules);
        int status = feed ? EXIT_SUCCESS : EXIT_FAILURE;
        free(body);
        feedwatch_feed_free(feed);
        feedwatch_rules_unref(rules);
        feedwatch_diagnostics_free(diagnostics);
        return status;
}
