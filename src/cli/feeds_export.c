#include <stdio.h>

#include "cli/commands.h"
#include "cli/load.h"
#include "feed/opml.h"

static int run(struct fw_cli *cli)
{
        struct fw_cli_loaded loaded;
        int status = fw_cli_load_config(cli, &loaded);
        if (status == FW_EXIT_OK) {
                const struct fw_config *config = loaded.config;
                struct fw_subscription *feeds =
                        fw_arena_new_array(config->arena, struct fw_subscription, config->feeds_len + 1);
                for (size_t i = 0; i < config->feeds_len; i++)
                        feeds[i] = (struct fw_subscription){
                                .url = config->feeds[i].url,
                                .title = config->feeds[i].title.len ? config->feeds[i].title : config->feeds[i].id,
                                .type = FW_STR("rss"),
                                .language = config->feeds[i].language,
                                .tags = config->feeds[i].tags,
                                .tags_len = config->feeds[i].tags_len,
                        };
                const struct fw_subscription_list list = { .title = FW_STR("Feeds of feedwatch"),
                                                           .feeds = feeds,
                                                           .feeds_len = config->feeds_len };
                fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                (void) fw_opml_write(&list, &out);
                (void) fwrite(fw_buf_c(&out), 1, out.len, stdout);
        }
        fw_cli_loaded_done(&loaded);
        return status;
}

const struct fw_command fw_command_feeds_export = {
        .name = "feeds export",
        .arguments = "",
        .summary = "print the feeds as OPML",
        .help = "Prints all feeds of the configuration as OPML 2.0, for other readers. Tags\n"
                "become outlines and categories; intervals, headers and credentials are not\n"
                "exported.\n"
                "\n"
                "  feedwatch feeds export > subscriptions.opml\n",
        .run = run,
};
