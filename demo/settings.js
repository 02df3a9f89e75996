// Reads the settings of the demo from the page's address.

/** The settings in a query. */
export function read(search) {
  const query = new URLSearchParams(search);
  const customer = query.get('customer') ?? '';
  return {
    id: /^\d+$/.test(customer) ? customer : '655080',
    isStaff: query.has('staff'),
    isMaiaScore: query.get('api') === 'maiascore',
    lang: query.get('lang'),
    scheme: ['light', 'dark'].includes(query.get('scheme')) ? query.get('scheme') : 'auto',
    theme: ['forest', 'slate', 'plum'].includes(query.get('theme')) ? query.get('theme') : '',
    accent: /^[0-9a-f]{6}$/i.test(query.get('accent') ?? '') ? `#${query.get('accent')}` : undefined,
    radius: /^\d{1,2}$/.test(query.get('radius') ?? '') ? Number(query.get('radius')) : undefined,
    // A visitor who comes for the first time sees the whole way, review step included.
    confirm: query.has('confirm') ? query.get('confirm') === 'on' : search === '',
  };
}

/** The address of the page with these settings; what has its default is left out. */
export function address({ id, isStaff, isMaiaScore, lang, scheme, theme, accent, radius, confirm }, languageOfPayer) {
  const query = [];
  if (id !== '655080') query.push(`customer=${id}`);
  if (isStaff) query.push('staff');
  if (isMaiaScore) query.push('api=maiascore');
  if (lang && lang !== languageOfPayer) query.push(`lang=${lang}`);
  if (scheme !== 'auto') query.push(`scheme=${scheme}`);
  if (theme) query.push(`theme=${theme}`);
  if (accent) query.push(`accent=${accent.slice(1)}`);
  if (radius !== undefined) query.push(`radius=${radius}`);
  if (confirm !== (query.length === 0)) query.push(`confirm=${confirm ? 'on' : 'off'}`);
  return query.length > 0 ? `/?${query.join('&')}` : '/';
}
