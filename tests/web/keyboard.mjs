// A person without a mouse: keys only. Whatever gets the focus must show that it has it, be on the
// screen, and have a name.
import assert from 'node:assert/strict';

// What has the focus, as a screen reader would say it, and whether one sees it.
function look() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const words = (ids) => (ids ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
  const labels = [...(at.labels ?? [])].map((label) => label.textContent).join(' ');
  const name = (at.getAttribute('aria-label') || words(at.getAttribute('aria-labelledby')) || labels || at.getAttribute('placeholder') || at.innerText || at.textContent || at.getAttribute('title') || '').replace(/\s+/g, ' ').trim();
  const implied = { A: 'link', BUTTON: 'button', TEXTAREA: 'textbox', SELECT: 'combobox', SUMMARY: 'button', MAIN: 'main' };
  const inputs = { checkbox: 'checkbox', radio: 'radio', button: 'button', submit: 'button' };
  const role = at.getAttribute('role') ?? (at.tagName === 'INPUT' ? inputs[at.type] ?? 'textbox' : implied[at.tagName] ?? at.tagName.toLowerCase());
  const shown = [at, at.nextElementSibling, at.parentElement, at.parentElement?.parentElement, at.closest('.mantine-Input-input'), ...(at.labels ?? [])].filter(Boolean);
  const marked = shown.some((one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow.includes('inset');
  });
  const active = document.getElementById(at.getAttribute('aria-activedescendant') ?? '');
  const box = (active ?? at).getBoundingClientRect();
  const around = at.labels?.[0]?.getBoundingClientRect();
  const sees = (one) => one && one.width > 0 && one.bottom > 0 && one.right > 0 && one.top < innerHeight && one.left < innerWidth;
  return { role, name, marked, inSight: Boolean(sees(box) || sees(around)), value: at.value ?? '', tag: at.tagName };
}

const fits = (text, wanted) => (wanted instanceof RegExp ? wanted.test(text) : text === wanted || text.startsWith(`${wanted} `));

export class Keyboard {
  constructor(page) {
    this.page = page;
    this.pressed = 0;
  }

  async press(...names) {
    for (const name of names) {
      this.pressed++;
      await this.page.keyboard.press(name);
    }
  }

  async type(text) {
    this.pressed += text.length;
    await this.page.keyboard.type(text);
  }

  focus() {
    return this.page.evaluate(look);
  }

  async seen() {
    let at = await this.focus();
    for (let i = 0; i < 20 && !(at?.marked && at.inSight); i++) { // until it is drawn
      await this.page.waitForTimeout(25);
      at = await this.focus();
    }
    assert.ok(at, 'nothing has the focus');
    assert.ok(at.name !== '', `the focus is at something without a name: ${at.tag} ${at.role}`);
    assert.ok(at.marked, `one does not see that ${at.role} "${at.name}" has the focus`);
    assert.ok(at.inSight, `${at.role} "${at.name}" has the focus and is not on the screen`);
    return at;
  }

  // Tab (or Shift+Tab) until the focus is at it.
  async to(role, name, { back = false, most = 120, first = true } = {}) {
    const passed = [];
    for (let i = 0; i <= most; i++) {
      const at = await this.focus();
      if (at && (i > 0 || first) && at.role === role && fits(at.name, name)) {
        await this.seen();
        return at;
      }
      passed.push(at ? `${at.role} "${at.name.slice(0, 30)}"` : '-');
      await this.press(back ? 'Shift+Tab' : 'Tab');
    }
    throw new Error(`no ${role} "${name}" by Tab; passed ${passed.slice(0, 40).join(', ')}`);
  }

  // Go to it and press it.
  async use(role, name, key = 'Enter', more = {}) {
    await this.to(role, name, more);
    await this.press(key);
  }

  // The focus comes to it by itself.
  async lands(role, name) {
    let at = null;
    for (let i = 0; i < 300; i++) {
      at = await this.focus();
      if (at && at.role === role && fits(at.name, name)) return this.seen();
      await this.page.waitForTimeout(50);
    }
    throw new Error(`the focus did not come to ${role} "${name}", it is at ${JSON.stringify(at)}`);
  }

  async fill(role, name, text, more = {}) {
    await this.to(role, name, more);
    await this.press('Control+a');
    await this.type(text);
  }

  // A page, by the palette.
  async palette(text, option = text) {
    await this.press('Control+k');
    await this.lands('combobox', 'Search and commands');
    await this.type(text);
    await this.page.getByRole('option', { name: option }).first().waitFor();
    await this.page.waitForFunction((wanted) => {
      const at = document.getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '');
      return at?.textContent?.toLowerCase().includes(wanted.toLowerCase());
    }, typeof option === 'string' ? option : text).catch(() => { throw new Error(`"${text}" does not choose ${option}`); });
    await this.press('Enter');
  }
}
