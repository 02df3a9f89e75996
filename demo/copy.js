// Draws a button that copies a text, and says so.

/** A button that copies what `text` returns at the press. */
export function copyButton(text, label = 'Copy') {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = label;
  button.addEventListener('click', async () => {
    button.textContent = await navigator.clipboard.writeText(text()).then(() => 'Copied', () => 'Copying failed');
    setTimeout(() => (button.textContent = label), 2000);
  });
  return button;
}
