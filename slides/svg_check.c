#include "slides/svg_check.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ELEMENTS = 100000, MOST_NAMES = 20000, DEEPEST = 60 };

/* An element that <use> may name, and how many elements drawing it comes to (0: not yet known). */
struct target {
    const xmlChar *id;
    const xmlNode *node;
    long cost;
    bool open; /* its cost is being counted: who needs it now stands in a circle */
};

struct svg {
    struct target *targets;
    size_t count;
    const char *fault;
};

static bool is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* The next node in the order of the document, below `top`. */
static const xmlNode *after(const xmlNode *node, const xmlNode *top)
{
    if (node->children && node->type == XML_ELEMENT_NODE)
        return node->children;
    while (node != top && !node->next)
        node = node->parent;
    return node == top ? NULL : node->next;
}

static const xmlChar *attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *at = node->properties; at; at = at->next)
        if (strcmp((const char *)at->name, name) == 0 && at->children)
            return at->children->content;
    return NULL;
}

static void note(struct svg *svg, const xmlNode *node)
{
    static const char *const raster[] = {"image", "filter", "foreignObject"};
    const xmlChar *id = attribute(node, "id");
    for (size_t i = 0; i < sizeof raster / sizeof raster[0]; i++)
        if (is(node, raster[i]))
            svg->fault = "this SVG holds pixels or filters, which do not stay vectors";
    if (id && svg->count < MOST_NAMES)
        svg->targets[svg->count++] = (struct target){.id = id, .node = node};
}

static struct target *find(struct svg *svg, const xmlChar *reference)
{
    for (size_t i = 0; reference && *reference == '#' && i < svg->count; i++)
        if (xmlStrEqual(svg->targets[i].id, reference + 1))
            return &svg->targets[i];
    return NULL;
}

/* `top` and all below it; never far over the limit. */
static long cost_of(struct svg *svg, const xmlNode *top, int depth)
{
    long cost = 0;
    for (const xmlNode *node = top; node && cost <= MOST_ELEMENTS; node = after(node, top)) {
        struct target *target = is(node, "use") ? find(svg, attribute(node, "href")) : NULL;
        cost += node->type == XML_ELEMENT_NODE;
        if (!target)
            continue;
        if (target->open || depth == DEEPEST)
            return MOST_ELEMENTS + 1;
        if (target->cost == 0) {
            target->open = true;
            target->cost = cost_of(svg, target->node, depth + 1);
            target->open = false;
        }
        cost += target->cost;
    }
    return cost;
}

static void ignore(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static void ignore_fault(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static xmlDoc *parse(const char *bytes, size_t length)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser)
        return NULL;
    parser->sax->error = parser->sax->warning = ignore;
    parser->sax->serror = ignore_fault;
    xmlDoc *document = xmlCtxtReadMemory(parser, bytes, (int)length, NULL, NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlFreeParserCtxt(parser);
    return document;
}

const char *svg_fault(const char *bytes, size_t length)
{
    xmlDoc *document = parse(bytes, length);
    const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    struct svg svg = {.targets = malloc(MOST_NAMES * sizeof *svg.targets)};
    if (!root || !is(root, "svg"))
        svg.fault = "this is neither a PNG nor an SVG";
    else if (document->intSubset && document->intSubset->entities)
        svg.fault = "this SVG declares entities";
    else if (!svg.targets)
        svg.fault = "out of memory";
    long elements = 0;
    for (const xmlNode *node = svg.fault ? NULL : root; node && !svg.fault; node = after(node, root))
        if (node->type == XML_ELEMENT_NODE) {
            note(&svg, node);
            if (++elements > MOST_ELEMENTS)
                svg.fault = "this SVG has more than 100,000 elements";
        }
    if (!svg.fault && cost_of(&svg, root, 0) > MOST_ELEMENTS)
        svg.fault = "this SVG draws more than 100,000 elements, by <use> in <use>";
    free(svg.targets);
    xmlFreeDoc(document);
    return svg.fault;
}
