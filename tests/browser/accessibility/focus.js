// The controls that the Tab key reaches, in the order of the document. Of radio buttons with one
// name, that is the one that is chosen.
(() => {
    const controls = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')];
    const reached = controls.filter(
        (control) => control.checkVisibility() && (control.type !== 'radio' || control.checked),
    );
    const focused = document.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(focused);
    const isSeen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && outlineColor !== 'transparent';
    return {
        count: reached.length,
        at: reached.indexOf(focused),
        isSeen: isSeen && focused.matches(':focus-visible'),
        focused: focused.outerHTML.slice(0, 120),
    };
})()
