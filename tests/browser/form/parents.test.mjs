// Tests that the form has a usable width in every kind of parent, at a wide and at a narrow window.
import assert from 'node:assert/strict';
import { noPolicy } from '../harness/host.mjs';
import { eachCase, test } from '../harness/test.mjs';

/** Each puts the element into a parent of its kind. */
const parents = {
  'a modal dialog': (form) => {
    const dialog = document.createElement('dialog');
    form.replaceWith(dialog);
    dialog.append(form);
    dialog.showModal();
  },
  'a popover': (form) => {
    const popover = Object.assign(document.createElement('div'), { popover: 'auto' });
    form.replaceWith(popover);
    popover.append(form);
    popover.showPopover();
  },
  'a flex item': (form, box) => box({ display: 'flex' }),
  'a grid cell in the middle': (form, box) => box({ display: 'grid', placeItems: 'center' }),
  'a float': (form, box) => box({ float: 'left' }),
  'an absolute box': (form, box) => box({ position: 'absolute' }),
  'an inline block': (form, box) => box({ display: 'inline-block' }),
  'a table cell': (form, box) => box({ display: 'table-cell' }),
};

test('the form has a usable width in every parent and window', async (bench) => {
  for (const width of [1120, 320]) {
    const form = await bench.host({}, { viewport: { width, height: 840 }, headers: noPolicy });
    await eachCase(parents, async (put, parent) => {
      const measured = await form.element.evaluate((host, source) => {
        const home = document.querySelector('main');
        const box = (style) => {
          const div = document.createElement('div');
          Object.assign(div.style, style);
          host.replaceWith(div);
          div.append(host);
        };
        new Function('form', 'box', `(${source})(form, box)`)(host, box);
        const measured = host.getBoundingClientRect().width;
        const parent = host.parentElement;
        home.append(host);
        parent.remove();
        return measured;
      }, put.toString());
      assert.ok(measured >= Math.min(width * 0.75, 600), `in ${parent} ${measured} px wide`);
      assert.ok(measured <= width, `${measured} px in a window of ${width}`);
    });
    await form.page.close();
  }
}, { needs: 'narrow' });

test('the form on a page with a small root font keeps its own size', async (bench) => {
  const sizes = [];
  for (const root of ['100%', '62.5%']) {
    const form = await bench.host({}, { headers: noPolicy });
    await form.page.evaluate((size) => {
      document.documentElement.style.fontSize = size;
      document.body.style.fontSize = '16px';
    }, root);
    sizes.push(await form.element.evaluate((host) => {
      const label = host.shadowRoot.querySelector('label[for]');
      return [getComputedStyle(label).fontSize, host.shadowRoot.querySelector('[data-testid=pay]').offsetHeight];
    }));
  }
  assert.deepEqual(sizes[1], sizes[0]);
  assert.ok(Number.parseFloat(sizes[0][0]) >= 13, `labels of ${sizes[0][0]}`);
});
