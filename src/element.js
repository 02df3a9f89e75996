// The custom element class.
