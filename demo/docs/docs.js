// Folds the list of the docs' pages on a phone, and puts a Copy button on each piece of code.
import { copyButton } from '../copy.js';

const pages = document.querySelector('.pages');
const isWide = matchMedia('(min-width: 860px)');
const fold = () => (pages.open = isWide.matches);
isWide.addEventListener('change', fold);
fold();

const contents = document.querySelector('.contents');
contents.hidden = contents.querySelectorAll('li').length < 2;

for (const block of document.querySelectorAll('pre')) {
  const frame = document.createElement('div');
  frame.className = 'code';
  block.replaceWith(frame);
  frame.append(block, copyButton(() => block.textContent));
}
