// Draws the switches of the demo. Each changes the form: an attribute, the language, the theme or a custom property. It also
// changes the page's address and the snippet that embeds the form. The payer, the screen and the API belong to the session, so
// they load the page anew.
import { brand } from './colour.js';
import { copyButton } from './copy.js';
import { address } from './settings.js';

/** The entry of the session that says to the next page that the data was reset. */
const RESET = 'payment-form-demo:reset';

/** Connects the switches with the form. */
export function connect(form, settings) {
  const panel = document.querySelector('.panel');
  const controls = panel.querySelector('.switches').elements;
  const languages = { 655080: 'en', 655081: 'de', 655082: 'ja' };
  const theme = document.createElement('link');
  theme.rel = 'stylesheet';
  document.head.append(theme);
  const code = panel.querySelector('code');
  // The page itself has the line that loads the form, because a check of the build refuses this tag in scripts.
  const script = code.textContent;
  const notice = document.querySelector('.said');

  Object.entries({
    customer: settings.id,
    screen: settings.isStaff ? 'staff' : 'portal',
    api: settings.isMaiaScore ? 'maiascore' : 'fusebill',
    lang: settings.lang,
    scheme: settings.scheme,
    theme: settings.theme || 'standard',
    accent: settings.accent ?? controls.accent.value,
    radius: settings.radius ?? controls.radius.value,
  }).forEach(([name, value]) => (controls[name].value = value));
  controls.confirm.checked = settings.confirm;

  const properties = () => ({
    ...(settings.accent && brand(settings.accent)),
    ...(settings.radius !== undefined && { '--payment-form-radius': `${settings.radius}px` }),
  });
  const css = () => {
    const scheme = settings.scheme === 'auto' ? [] : [['color-scheme', settings.scheme]];
    const rules = [...scheme, ...Object.entries(properties())];
    return rules.length > 0 ? `payment-form {\n${rules.map(([name, value]) => `  ${name}: ${value};\n`).join('')}}` : '';
  };

  const undo = document.createElement('button');
  undo.type = 'button';
  undo.textContent = 'Undo';
  undo.addEventListener('click', () => {
    Object.assign(settings, { accent: undefined, radius: undefined });
    controls.accent.value = '#0b5fff';
    controls.radius.value = 12;
    apply();
  });
  panel.querySelector('.brand-tools').append(copyButton(css, 'Copy CSS'), undo);
  panel.querySelector('.snippet').append(copyButton(() => code.textContent));

  const tools = panel.querySelectorAll('.brand-tools button');
  const apply = () => {
    document.querySelector('main').lang = settings.lang;
    settings.scheme === 'auto' ? delete document.documentElement.dataset.scheme : (document.documentElement.dataset.scheme = settings.scheme);
    settings.theme ? (theme.href = `/pkg/themes/${settings.theme}.css`) : theme.removeAttribute('href');
    for (const name of ['--payment-form-accent', '--payment-form-accent-ink', '--payment-form-radius']) form.style.setProperty(name, properties()[name] ?? null);
    form.confirm = settings.confirm;
    for (const button of tools) button.disabled = Object.keys(properties()).length === 0;
    code.textContent = snippet(script, form, settings, css());
  };

  panel.querySelector('.switches').addEventListener('input', ({ target: { name, value, checked } }) => {
    const was = languages[settings.id] ?? 'en';
    if (name === 'customer') Object.assign(settings, { id: value, lang: settings.lang === was ? undefined : settings.lang });
    else if (name === 'screen') settings.isStaff = value === 'staff';
    else if (name === 'api') settings.isMaiaScore = value === 'maiascore';
    else if (name === 'confirm') settings.confirm = checked;
    else if (name === 'disabled') form.disabled = checked;
    else if (name === 'theme') settings.theme = value === 'standard' ? '' : value;
    else if (name === 'radius') settings.radius = Number(value);
    else settings[name] = value;
    const to = address(settings, languages[settings.id] ?? 'en');
    if (['customer', 'screen', 'api'].includes(name)) return location.assign(to);
    history.replaceState(history.state, '', to);
    apply();
  });

  panel.querySelector('.reset').addEventListener('click', async ({ currentTarget }) => {
    currentTarget.disabled = true;
    const reply = await fetch('/demo/reset', { method: 'POST' }).catch(() => undefined);
    if (reply?.ok) {
      form.reset();
      sessionStorage.clear();
      // The form remembers recent payments to ask about a second one; the new data has none.
      for (const key of Object.keys(localStorage)) if (key.startsWith('payment-form:')) localStorage.removeItem(key);
      sessionStorage.setItem(RESET, '');
      location.reload();
    } else {
      notice.textContent = 'The data could not be reset.';
      currentTarget.disabled = false;
    }
  });

  // The page before this one reset the data.
  if (sessionStorage.getItem(RESET) !== null) {
    sessionStorage.removeItem(RESET);
    notice.textContent = 'The demo data is as it was at first.';
    setTimeout(() => (notice.textContent = ''), 8000);
  }

  // Beside the form the switches are always open; above it, on a narrow screen, they are folded.
  const isWide = matchMedia('(min-width: 1270px)');
  const unfold = () => (panel.open = isWide.matches);
  isWide.addEventListener('change', unfold);
  unfold();
  apply();
}

/** The HTML that embeds the form as it stands, and the CSS where a switch has changed its looks. */
function snippet(script, form, { theme, lang }, css) {
  const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const attributes = [...form.attributes]
    .filter(({ name }) => !['id', 'style'].includes(name))
    .map(({ name, value }) => (value === '' ? `  ${name}` : `  ${name}="${escaped(value)}"`));
  if (lang !== 'en') attributes.unshift(`  lang="${lang}"`);
  return [
    ...(theme ? [`<link rel="stylesheet" href="/pkg/themes/${theme}.css">`] : []),
    script,
    '',
    `<payment-form\n${attributes.join('\n')}>\n</payment-form>`,
    ...(css ? ['', '/* in your stylesheet */', css] : []),
  ].join('\n');
}
