// The faults of the open page that axe-core does not look for, each as a sentence.
((language) => {
    const faults = [];
    const check = (holds, fault) => {
        if (!holds) faults.push(fault);
    };
    const all = (css) => [...document.querySelectorAll(css)];
    const html = (element) => element.outerHTML.slice(0, 120);

    check(document.title.trim() !== '', 'there is no title');
    check(all('h1').length === 1, `there are ${all('h1').length} h1`);
    check(document.documentElement.lang === language, `the language is ${document.documentElement.lang}`);
    check(all('main').length === 1, `there are ${all('main').length} main`);
    for (const field of all('input:not([type=hidden]), select, textarea')) {
        check(field.labels.length === 1, `no label of its own: ${html(field)}`);
    }
    const names = all('nav').map((nav) => nav.getAttribute('aria-label'));
    check(names.every(Boolean) && new Set(names).size === names.length, `the names of nav are ${names}`);
    for (const element of all('[aria-describedby]')) {
        for (const id of element.getAttribute('aria-describedby').split(' ')) {
            check(document.getElementById(id)?.textContent.trim(), `no text of ${id}: ${html(element)}`);
        }
    }
    for (const control of all('a, button, input:not([type=hidden]), summary')) {
        const { width, height } = control.getBoundingClientRect();
        // WCAG 2.2, 2.5.8. A link inside a sentence can be as high as its line.
        const isInSentence = control.parentElement.textContent.trim() !== control.textContent.trim();
        const isShown = width > 0 && control.type !== 'radio' && control.type !== 'checkbox';
        check(!isShown || isInSentence || (width >= 24 && height >= 24), `${width} by ${height} pixels: ${html(control)}`);
    }
    check(document.querySelectorAll('[style]').length === 0, 'an attribute for style');
    return faults;
})
