#include "feed/namespaces.h"

#include "base/macros.h"

struct known {
        const char *text;
        enum fw_namespace namespace;
};

/* Lower case, without a last '/' or '#'. */
static const struct known uris[] = {
        { "http://www.w3.org/2005/atom", FW_NS_ATOM_10 },
        { "http://purl.org/dc/elements/1.1", FW_NS_DC },
        { "http://purl.org/rss/1.0/modules/content", FW_NS_CONTENT },
        { "http://search.yahoo.com/mrss", FW_NS_MEDIA },
        { "http://www.itunes.com/dtds/podcast-1.0.dtd", FW_NS_ITUNES },
        { "http://purl.org/rss/1.0/modules/syndication", FW_NS_SYNDICATION },
        { "http://www.w3.org/1999/xhtml", FW_NS_XHTML },
        { "http://www.w3.org/xml/1998/namespace", FW_NS_XML },
        { "http://purl.org/rss/1.0", FW_NS_RSS_10 },
        { "http://www.w3.org/1999/02/22-rdf-syntax-ns", FW_NS_RDF },
        { "http://purl.org/dc/terms", FW_NS_DC },
        { "http://purl.org/dc/elements/1.0", FW_NS_DC },
        { "http://purl.org/rss/1.0/modules/dcterms", FW_NS_DC },
        { "http://purl.org/rss/modules/content", FW_NS_CONTENT },
        { "http://my.netscape.com/rdf/simple/0.9", FW_NS_RSS_090 },
        { "http://channel.netscape.com/rdf/simple/0.9", FW_NS_RSS_090 },
        { "http://purl.org/net/rss1.1", FW_NS_RSS_10 },
        { "http://backend.userland.com/rss", FW_NS_RSS },
        { "http://backend.userland.com/rss2", FW_NS_RSS },
        { "http://backend.userland.com/rss2.1", FW_NS_RSS },
        { "http://backend.userland.com/blogchannelmodule", FW_NS_OTHER },
        { "http://blogs.law.harvard.edu/tech/rss", FW_NS_RSS },
        { "http://cyber.law.harvard.edu/rss/rss.html", FW_NS_RSS },
        { "http://www.rssboard.org/rss-specification", FW_NS_RSS },
        { "http://purl.org/rss/2.0", FW_NS_RSS },
        { "http://purl.org/atom/ns", FW_NS_ATOM_03 },
        { "http://example.com/necho", FW_NS_ATOM_03 },
        { "http://example.com/newformat", FW_NS_ATOM_03 },
        { "uri/of/echo/namespace", FW_NS_ATOM_03 },
        { "http://purl.org/echo", FW_NS_ATOM_03 },
        { "http://www.yahoo.com/mrss", FW_NS_MEDIA },
        { "http://video.search.yahoo.com/mrss", FW_NS_MEDIA },
        { "http://example.com/dtds/podcast-1.0.dtd", FW_NS_ITUNES },
        { "http://www.itunes.com/dtds/podcast.dtd", FW_NS_ITUNES },
        { "http://www.google.com/schemas/play-podcasts/1.0", FW_NS_ITUNES },
        { "http://www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd", FW_NS_ITUNES },
};

static const struct known prefixes[] = {
        { "dc", FW_NS_DC },          { "dcterms", FW_NS_DC },     { "content", FW_NS_CONTENT },
        { "media", FW_NS_MEDIA },    { "itunes", FW_NS_ITUNES },  { "googleplay", FW_NS_ITUNES },
        { "atom", FW_NS_ATOM_10 },   { "atom10", FW_NS_ATOM_10 }, { "a10", FW_NS_ATOM_10 },
        { "sy", FW_NS_SYNDICATION }, { "rdf", FW_NS_RDF },        { "rss", FW_NS_RSS },
        { "xhtml", FW_NS_XHTML },    { "xml", FW_NS_XML },        { "atom03", FW_NS_ATOM_03 },
};

static enum fw_namespace find(const struct known *table, size_t len, struct fw_str text)
{
        for (size_t i = 0; i < len; i++)
                if (fw_str_eq_nocase(text, fw_str_c(table[i].text)))
                        return table[i].namespace;
        return FW_NS_OTHER;
}

enum fw_namespace fw_namespace_of(struct fw_str uri)
{
        uri = fw_str_trim(uri);
        if (uri.len == 0)
                return FW_NS_NONE;
        while (uri.len > 0 && (uri.p[uri.len - 1] == '/' || uri.p[uri.len - 1] == '#'))
                uri.len--;
        return find(uris, FW_ARRAY_LEN(uris), uri);
}

enum fw_namespace fw_namespace_of_prefix(struct fw_str prefix)
{
        return find(prefixes, FW_ARRAY_LEN(prefixes), prefix);
}
