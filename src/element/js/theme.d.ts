/** The import of a ready theme brings a stylesheet to the page, and no names. */
export {};
