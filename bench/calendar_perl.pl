#!/usr/bin/perl
# calendar_perl.pl - the questions of calendar.c to Business::Hours (Debian: libbusiness-hours-perl): deadlines
# and elapsed times over about a year. Prints thousands a second of processor time, add and between; with
# "answers" a few questions and answers instead.
use strict;
use warnings;
use Business::Hours;
use POSIX qw(tzset);
use Time::Local qw(timegm);

$ENV{TZ} = 'Europe/Berlin';
tzset();
my $hours = Business::Hours->new;
my %day = (Start => '8:00', End => '17:00');
my @lunch = ({ Start => '12:00', End => '13:00' });
$hours->business_hours(
	0 => { Name => 'Sunday', Start => undef, End => undef },
	(map { $_ => { Name => "Day $_", %day, Breaks => [ map { {%$_} } @lunch ] } } 1 .. 4),
	5 => { Name => 'Friday', Start => '8:00', End => '14:00' },
	6 => { Name => 'Saturday', Start => undef, End => undef },
	holidays => [qw(01-01 05-01 10-03 12-25 12-26 2021-04-02 2021-04-05 2021-05-13 2021-05-24
		2022-04-15 2022-04-18 2022-05-26 2022-06-06)],
);
my $first = timegm(0, 0, 0, 1, 0, 2021);
$hours->for_timespan(Start => $first, End => $first + 2 * 366 * 86400); # once, as ours is compiled once
my $state = 1;
sub chance { $state = ($state * 1103515245 + 12345) % 2147483648; return $state / 2147483648 }
my @asked = map { my $s = $first + int(chance() * 200 * 86400); [ $s, $s + int((0.5 + chance()) * 300 * 86400) ] }
	1 .. (@ARGV ? 10 : 400);
my @took;
my $t = times;
my @worked = map { $hours->between($_->[0], $_->[1] - 1) } @asked; # its ends are both within
push @took, (times() - $t) / @asked;
if (@ARGV) {
	print "$asked[$_][0] $asked[$_][1] $worked[$_]\n" for 0 .. $#asked;
	exit;
}
$t = times;
$hours->add_seconds($asked[$_][0], $worked[$_]) for 0 .. 19; # it walks day by day
push @took, (times() - $t) / 20;
printf "%.4f %.4f\n", map { 1 / ($_ > 0 ? $_ : 1e-6) / 1e3 } reverse @took;
