// Under the pointer: a line through all charts, and what happened at that time.
(function () {
  var charts = document.getElementById('charts');
  var cursor = document.getElementById('cursor');
  var tip = document.getElementById('tip');
  var plot = charts && charts.querySelector('.plot');
  if (!plot) return;
  var data = JSON.parse(document.getElementById('data').textContent);

  function ms(x) {
    if (x === null) return '–';
    return x < 1000 ? (x < 10 ? x.toFixed(1) : Math.round(x)) + ' ms' : (x / 1000).toFixed(2) + ' s';
  }
  function clock(s) {
    var m = Math.floor(s / 60), rest = (s - 60 * m).toFixed(data.width < 1 ? 1 : 0);
    return m + ':' + (rest < 10 ? '0' : '') + rest;
  }
  function rate(n) { var r = n / data.width; return r >= 10 || r === 0 ? Math.round(r) : r.toFixed(1); }
  function hide() { cursor.hidden = tip.hidden = true; }

  function faultsAt(x) {
    var names = [];
    charts.querySelectorAll('.lanes:not(.nodes) .bar').forEach(function (bar) {
      var box = bar.getBoundingClientRect();
      if (x >= box.left && x <= box.right) names.push(bar.title.split(/, \d+:/)[0]);
    });
    return names.length > 6 ? names.slice(0, 6).concat((names.length - 6) + ' more') : names;
  }

  charts.addEventListener('pointermove', function (event) {
    var box = plot.getBoundingClientRect(), frame = charts.getBoundingClientRect();
    var share = (event.clientX - box.left) / box.width;
    if (share < 0 || share > 1) return hide();
    var row = data.rows[Math.min(data.rows.length - 1, Math.floor(share * data.run / data.width))];
    cursor.hidden = tip.hidden = false;
    cursor.style.left = event.clientX - frame.left + 'px';
    tip.textContent = [clock(share * data.run),
      rate(row[0]) + ' ok, ' + rate(row[1]) + ' failed, ' + rate(row[2]) + ' unknown a second',
      'p50 ' + ms(row[3]) + ', p99 ' + ms(row[4]) + ', longest ' + ms(row[5])].concat(faultsAt(event.clientX)).join('\n');
    var left = event.clientX - frame.left + 14;
    if (left + tip.offsetWidth > frame.width - 4) left = Math.max(4, event.clientX - frame.left - tip.offsetWidth - 14);
    tip.style.left = left + 'px';
    tip.style.top = Math.max(4, Math.min(event.clientY - frame.top + 14, frame.height - tip.offsetHeight - 4)) + 'px';
  });
  charts.addEventListener('pointerleave', hide);
})();
