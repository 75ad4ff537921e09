#include "feed/xml_repair.h"

#include "base/macros.h"

struct known {
        struct fw_str name;
        unsigned kind;
};

#define FEED (FW_XML_CONTAINER | FW_XML_ITEM_PARENT)
#define ITEM (FW_XML_CONTAINER | FW_XML_ITEM)
#define LEAF (FW_XML_FIELD | FW_XML_LEAF)

static const struct known known[] = {
        { FW_STR("item"), ITEM },
        { FW_STR("entry"), ITEM },
        { FW_STR("channel"), FEED },
        { FW_STR("feed"), FEED },
        { FW_STR("rss"), FEED },
        { FW_STR("rdf:RDF"), FEED },
        { FW_STR("RDF"), FEED },
        { FW_STR("items"), FEED },
        { FW_STR("image"), FW_XML_CONTAINER },
        { FW_STR("textinput"), FW_XML_CONTAINER },
        { FW_STR("textInput"), FW_XML_CONTAINER },
        { FW_STR("source"), FW_XML_CONTAINER },
        { FW_STR("author"), LEAF },
        { FW_STR("media:group"), FW_XML_CONTAINER },
        { FW_STR("media:content"), FW_XML_CONTAINER },
        { FW_STR("title"), FW_XML_NAMESAKE | FW_XML_LEAF },
        { FW_STR("link"), FW_XML_NAMESAKE | FW_XML_LEAF },
        { FW_STR("description"), FW_XML_FIELD },
        { FW_STR("content:encoded"), FW_XML_FIELD },
        { FW_STR("enclosure"), FW_XML_FIELD },
        { FW_STR("guid"), LEAF },
        { FW_STR("pubDate"), LEAF },
        { FW_STR("pubdate"), LEAF },
        { FW_STR("lastBuildDate"), LEAF },
        { FW_STR("category"), LEAF },
        { FW_STR("comments"), LEAF },
        { FW_STR("language"), LEAF },
        { FW_STR("copyright"), LEAF },
        { FW_STR("generator"), LEAF },
        { FW_STR("managingEditor"), LEAF },
        { FW_STR("webMaster"), LEAF },
        { FW_STR("ttl"), LEAF },
        { FW_STR("id"), LEAF },
        { FW_STR("published"), LEAF },
        { FW_STR("updated"), LEAF },
        { FW_STR("issued"), LEAF },
        { FW_STR("modified"), LEAF },
        { FW_STR("dc:creator"), LEAF },
        { FW_STR("dc:date"), LEAF },
        { FW_STR("dc:subject"), LEAF },
};

unsigned fw_xml_kind(struct fw_str name)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(known); i++)
                if (fw_str_eq(known[i].name, name))
                        return known[i].kind;
        return 0;
}
